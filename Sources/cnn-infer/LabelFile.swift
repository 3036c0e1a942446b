import Files

/// The file that goes with `--labels`.
enum LabelFile {
  /// Larger ones are no text that anybody wrote.
  private static let limit = 16 << 20

  /// The labels, one a line; the last line may have no end.
  static func labels(_ path: String) throws -> [String] {
    var lines = try text(of: path).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private static func text(of path: String) throws -> String {
    do {
      guard let bytes = try RegularFile(path).contents(limit: limit) else {
        throw InferError.unreadableText(path: path, reason: "more than \(limit) bytes")
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw InferError.unreadableText(path: path, reason: "not UTF-8")
      }
      return text
    } catch let error as FileError {
      throw InferError.unreadableText(path: path, reason: error.reason)
    }
  }
}
