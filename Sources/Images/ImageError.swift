import Files
import Networks

/// Why an image could not be read, written or prepared. Each message names the image, and says what
/// to do.
public enum ImageError: Error, Equatable, CustomStringConvertible {
  /// The path leads to nothing that can be opened.
  case cannotOpen(source: String, reason: String)
  /// The path leads to a folder, a pipe or a device.
  case notAFile(source: String, kind: String)
  /// No byte at all.
  case empty(source: String)
  /// Another kind of file.
  case notPNG(source: String, kind: FileKind)
  /// The eight bytes that a PNG starts with are damaged.
  case damagedSignature(source: String, byte: Int)
  /// The data ends within a chunk.
  case truncated(source: String, chunk: String, offset: Int)
  /// A chunk breaks the PNG specification.
  case malformed(source: String, chunk: String, offset: Int, detail: String)
  /// More pixels, or a longer side, than the limits allow.
  case tooLarge(source: String, width: Int, height: Int, limits: ImageLimits)
  /// More bytes than the limits allow.
  case tooLong(source: String, limit: Int)
  /// The operating system failed to read.
  case cannotRead(source: String, reason: String)
  /// The operating system failed to write.
  case cannotWrite(path: String, reason: String)
  /// No memory for the image.
  case outOfMemory(source: String)
  /// PNGs are written of bytes, without alpha.
  case notEncodable(reason: String)

  /// What, where, and what to do.
  public var description: String { message.onOneLine }

  private var message: String {
    switch self {
    case .cannotOpen(let source, let reason):
      "cannot open image: \(source): \(reason): name a PNG file that exists and may be read"
    case .notAFile(let source, let kind):
      "not an image file: \(source) is \(kind): name a PNG file, or '-' for standard input"
    case .empty(let source):
      "empty image: \(source) has no bytes: name a PNG file"
    case .notPNG(let source, let kind):
      "not a PNG image: \(source) is \(kind.description): \(kind.advice(for: source))"
    case .damagedSignature(let source, let byte):
      "damaged PNG: \(source): signature, byte \(byte): get the file again, as binary data"
    case .truncated(let source, let chunk, let offset):
      "truncated PNG: \(source): ends at byte \(offset)\(Self.within(chunk)): get the whole file"
    case .malformed(let source, let chunk, let offset, let detail):
      "damaged PNG: \(source): \(detail)\(Self.within(chunk)), before byte \(offset): "
        + "get the file again, or write it anew with another program"
    case .tooLarge(let source, let width, let height, let limits):
      "image too large: \(source) (\(width)×\(height) pixels): shrink it to \(limits.maxPixels) "
        + "pixels and sides of \(limits.maxSide), or raise the limit"
    case .tooLong(let source, let limit):
      "image too large: \(source): more than \(limit) bytes: shrink it"
    case .cannotRead(let source, let reason):
      "cannot read image: \(source): \(reason): check the file and its disk"
    case .cannotWrite(let path, let reason):
      "cannot write image: \(path): \(reason): choose another place"
    case .outOfMemory(let source):
      "not enough memory: \(source): shrink the image"
    case .notEncodable(let reason):
      "cannot encode image: \(reason): use 8-bit gray or RGB without alpha"
    }
  }

  private static func within(_ chunk: String) -> String {
    chunk.isEmpty ? "" : " in chunk \(chunk)"
  }
}
