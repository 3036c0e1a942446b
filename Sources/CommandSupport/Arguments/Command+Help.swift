extension Command {
  private static let width = 80
  private static let column = 28

  /// The help text: usage, what it does, arguments, flags, and what the caller appends.
  package func help(program: String, others: [Command] = []) -> String {
    var blocks = [usage(program: program, others: others), Self.wrap(abstract, indent: 0)]
    if let discussion { blocks.append(Self.wrap(discussion, indent: 0)) }
    if let positional {
      blocks.append("Arguments:\n" + Self.entry("  \(positional.name)", positional.help))
    }
    let standard = Section("Other", [Flag("--version", help: "print the version and exit")])
    for section in sections + [standard] where !section.flags.isEmpty {
      var lines = section.flags.map(Self.entry)
      if section.title == standard.title {
        lines.insert(Self.entry("  -h, --help", "print this help and exit"), at: 0)
      }
      blocks.append("\(section.title):\n" + lines.joined(separator: "\n"))
    }
    if !others.isEmpty {
      let lines = others.map { Self.entry("  \($0.name ?? "")", $0.abstract) }
      blocks.append("Commands:\n" + lines.joined(separator: "\n"))
    }
    if !examples.isEmpty {
      blocks.append("Examples:\n" + examples.map { "  \($0)" }.joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n\n")
  }

  private func usage(program: String, others: [Command]) -> String {
    let lines = ([self] + others).map { command in
      [command.fullName(in: program), command.positional?.usage, "[OPTIONS]"]
        .compactMap(\.self).joined(separator: " ")
    }
    return "Usage: " + lines.joined(separator: "\n       ")
  }

  private static func entry(_ flag: any FlagDeclaration) -> String {
    let short = flag.short.map { "-\($0), " } ?? "    "
    let words = flag.choices.joined(separator: "|")
    let value = flag.placeholder.map { " " + (words.isEmpty ? $0 : words) } ?? ""
    let ending = flag.defaultText.map { " (default: \($0))" } ?? ""
    return entry("  \(short)\(flag.name)\(value)", flag.help + ending)
  }

  private static func entry(_ head: String, _ text: String) -> String {
    let wrapped = wrap(text, indent: column)
    guard head.count + 2 <= column else { return head + "\n" + wrapped }
    return head + wrapped.dropFirst(head.count)
  }

  /// Lines of at most `width` columns, broken at spaces; a blank line parts paragraphs.
  private static func wrap(_ text: String, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    for paragraph in text.split(separator: "\n\n") {
      if !lines.isEmpty { lines.append("") }
      var line = ""
      for word in paragraph.split(whereSeparator: \.isWhitespace) {
        if !line.isEmpty, indent + line.count + 1 + word.count > width {
          lines.append(margin + line)
          line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
      }
      lines.append(line.isEmpty ? "" : margin + line)
    }
    return lines.joined(separator: "\n")
  }
}
