public import Foundation

/// A folder that lives as long as its owner. Its path has a space, which callers must stand.
public final class Scratch: Sendable {
  /// The folder.
  public let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("cnn test \(UUID().uuidString)")

  /// Makes an empty folder.
  public init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of a name in the folder.
  public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a file, in folders that need not exist.
  @discardableResult
  public func create(_ name: String, _ data: Data = Data()) throws -> URL {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file
  }

  /// Writes bytes.
  ///
  /// - Returns: The file's path.
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    try create(name, Data(bytes)).path
  }

  /// The bytes of a file.
  public func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: url.appendingPathComponent(name)))
  }

  /// The names in the folder, sorted.
  public var contents: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}
