internal import Foundation

extension Network {
  /// The largest JSON that is read, in bytes.
  public static let largestJSON = 16 << 20

  /// Reads a network from a JSON file.
  ///
  /// - Parameter path: A regular file of at most `largestJSON` bytes.
  /// - Throws: `NetworkError`: `.unreadableFile`, or what is wrong with the network.
  public init(jsonFile path: String) throws {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(filePath: path).resolvingSymlinksInPath().path)
    guard let attributes else {
      throw NetworkError.unreadableFile(path: path, reason: "no such file, or not readable")
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw NetworkError.unreadableFile(path: path, reason: "not a regular file")
    }
    guard let size = attributes[.size] as? Int, size <= Self.largestJSON else {
      throw NetworkError.unreadableFile(path: path, reason: "larger than 16 MiB")
    }
    guard let json = FileManager.default.contents(atPath: path) else {
      throw NetworkError.unreadableFile(path: path, reason: "not readable")
    }
    do {
      self = try Network(json: json)
    } catch let error as NetworkError {
      throw NetworkError.inFile(path: path, error)
    }
  }
}
