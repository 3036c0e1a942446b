#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The files of keys and values in which Linux describes itself.
enum SystemFile {
  /// The value of a key's first line, without the spaces around it.
  ///
  /// - Parameters:
  ///   - key: What stands before the separator.
  ///   - path: The file.
  ///   - separator: The character between key and value.
  /// - Returns: The value; nil where there is no such file or line.
  static func value(of key: String, in path: String, separator: Character) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 8192)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let parts = text.split(separator: separator, maxSplits: 1)
      if parts.count == 2, trimmed(parts[0]) == key { return trimmed(parts[1]) }
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
