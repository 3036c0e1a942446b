import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Files that go with `--model` and `--labels`.
enum TextFile {
  /// Larger ones are no text that anybody wrote.
  private static let limit = 16 << 20

  /// A network by a variant's name, or from a file that ends in `.json`.
  static func network(_ argument: String) throws -> Network {
    guard argument.lowercased().hasSuffix(".json") else {
      return try Variant.named(argument).network()
    }
    return try Network(json: Data(text(of: argument).utf8))
  }

  /// Labels, one a line; the last line may have no end.
  static func labels(_ path: String) throws -> [String] {
    var lines = try text(of: path).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private static func text(of path: String) throws -> String {
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      guard attributes[.type] as? FileAttributeType != .typeDirectory else {
        throw InferError.unreadableText(path: path, reason: "it is a folder")
      }
      guard (attributes[.size] as? Int ?? 0) <= limit else {
        throw InferError.unreadableText(path: path, reason: "more than \(limit) bytes")
      }
      let data = try Data(contentsOf: URL(filePath: path))
      guard let text = String(validating: data, as: UTF8.self) else {
        throw InferError.unreadableText(path: path, reason: "not UTF-8")
      }
      return text
    } catch let error as CocoaError {
      let isMissing = error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile
      throw InferError.unreadableText(
        path: path, reason: isMissing ? "no such file" : "no permission, or a failing disk")
    }
  }
}
