public import Foundation

/// The files of `Tests/ParityTests/Golden`, which PyTorch made.
public enum Golden {
  /// A file's bytes.
  public static func data(_ name: String) throws -> Data {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try Data(contentsOf: folder.appending(path: "ParityTests/Golden/\(name)"))
  }

  /// A JSON file's value.
  public static func decoded<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    try JSONDecoder().decode(type, from: data(name))
  }
}
