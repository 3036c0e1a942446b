/// What a file that is no PNG seems to be, by its first bytes.
public enum FileKind: String, Hashable, Sendable, CaseIterable {
  /// Formats with a signature.
  case jpeg, gif, webP, bmp, tiff, heif, pdf, svg, gzip, zip, hdf5
  /// Printable characters.
  case text
  /// Anything else.
  case unknown

  /// The number of bytes that `init(prefix:)` can make use of.
  static let prefixLength = 64

  /// The kind that a file's first bytes show.
  ///
  /// - Parameter prefix: The first bytes, up to 64; not those of a PNG.
  public init(prefix: [UInt8]) {
    let match = Self.signatures.first { _, offset, signature in
      prefix.dropFirst(offset).starts(with: signature.utf8Bytes)
    }
    if let match {
      self = match.kind
    } else {
      self = Self.isText(prefix) ? .text : .unknown
    }
  }

  private static let signatures: [(kind: FileKind, offset: Int, signature: Signature)] = [
    (.jpeg, 0, [0xFF, 0xD8, 0xFF]), (.gif, 0, "GIF8"), (.webP, 8, "WEBP"), (.bmp, 0, "BM"),
    (.tiff, 0, [0x49, 0x49, 0x2A, 0]), (.tiff, 0, [0x4D, 0x4D, 0, 0x2A]), (.heif, 4, "ftyp"),
    (.pdf, 0, "%PDF"), (.svg, 0, "<svg"), (.gzip, 0, [0x1F, 0x8B]), (.zip, 0, "PK"),
    (.hdf5, 0, [0x89, 0x48, 0x44, 0x46]), (.hdf5, 0, "cnn-checkpoint "),
  ]

  private struct Signature: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    let utf8Bytes: [UInt8]
    init(stringLiteral value: String) { utf8Bytes = Array(value.utf8) }
    init(arrayLiteral elements: UInt8...) { utf8Bytes = elements }
  }

  // UTF-8 or Latin-1 without control characters other than tab and line ends.
  private static func isText(_ prefix: [UInt8]) -> Bool {
    prefix.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
  }
}

extension FileKind: CustomStringConvertible {
  /// With its article: `a JPEG`.
  public var description: String {
    switch self {
    case .jpeg: "a JPEG"
    case .gif: "a GIF"
    case .webP: "a WebP image"
    case .bmp: "a BMP image"
    case .tiff: "a TIFF image"
    case .heif: "an HEIF or AVIF image"
    case .pdf: "a PDF document"
    case .svg: "an SVG drawing"
    case .gzip: "a gzip file"
    case .zip: "a ZIP archive"
    case .hdf5: "an HDF5 file"
    case .text: "text"
    case .unknown: "of an unknown format"
    }
  }

  /// What to do about it.
  ///
  /// - Parameter source: The file's name.
  /// - Returns: A part of a sentence.
  func advice(for source: String) -> String {
    switch self {
    case .jpeg, .gif, .webP, .bmp, .tiff, .heif, .pdf, .svg:
      "convert it, for example with ImageMagick: convert '\(source)' image.png"
    case .hdf5, .gzip, .zip, .text, .unknown: "name a PNG file"
    }
  }
}
