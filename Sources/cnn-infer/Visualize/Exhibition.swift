import CommandSupport
import Reports

/// The folder of pictures that `visualize` makes, with a page that shows them.
struct Exhibition {
  /// A picture's file and what it shows.
  struct Entry {
    let section: String
    let file: String
    let caption: String
    let width: Int
    let height: Int
  }

  let folder: String
  /// A file that is never overwritten: the image that is looked at.
  let input: String?
  private(set) var entries: [Entry] = []

  init(folder: String, input: String?) {
    self.folder = folder
    self.input = input
  }

  /// Writes a picture and remembers it.
  mutating func add(_ picture: Picture, _ name: String, section: String, caption: String) throws {
    let file = Self.fileName(name) + ".png"
    try picture.write(pngFile: try path(file))
    entries.append(
      Entry(
        section: section, file: file, caption: caption, width: picture.width,
        height: picture.height))
  }

  /// Where a file of the folder is; the image that is looked at is refused.
  func path(_ file: String) throws -> String {
    let path = "\(folder)/\(file)"
    if let input, SameFile.check(input, path) { throw InferError.outputIsInput(path: path) }
    return path
  }

  /// A name of letters, digits, dots and dashes, for file systems and addresses.
  private static func fileName(_ name: String) -> String {
    String(
      name.unicodeScalars.prefix(100).map { scalar in
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
          || scalar == "." ? Character(scalar) : "-"
      })
  }

  /// The page: nothing in it is fetched from elsewhere.
  func page(title: String, facts: [(String, String)]) -> String {
    var body = "<h1>\(Self.text(title))</h1>\n<table>\n"
    for (name, value) in facts {
      body += "<tr><th>\(Self.text(name))</th><td>\(Self.text(value))</td></tr>\n"
    }
    body += "</table>\n"
    var section: String?
    for entry in entries {
      if entry.section != section {
        if section != nil { body += "</section>\n" }
        body += "<section>\n<h2>\(Self.text(entry.section))</h2>\n"
        section = entry.section
      }
      let caption = Self.text(entry.caption)
      body += """
        <figure><img src="\(entry.file)" width="\(entry.width)" height="\(entry.height)" \
        alt="\(caption)"><figcaption>\(caption)</figcaption></figure>

        """
    }
    if section != nil { body += "</section>\n" }
    return Self.head(Self.text(title)) + body + "</body>\n</html>\n"
  }

  /// A text as HTML shows it, on one line.
  private static func text(_ text: String) -> String { HTML.escape(text.printable) }

  private static func head(_ title: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>\(title)</title>
    <style>
    body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
    table { border-collapse: collapse; }
    th { text-align: left; font-weight: 600; padding: 0 1.5rem 0 0; vertical-align: top; }
    figure { display: inline-block; margin: 0 1.5rem 1.5rem 0; vertical-align: top; max-width: 100%; }
    img { max-width: 100%; height: auto; image-rendering: pixelated; }
    figcaption { max-width: 44rem; color: #444; }
    </style>
    </head>
    <body>

    """
  }
}
