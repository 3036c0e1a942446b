import Files

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension Network {
  /// The largest JSON file that is read, in bytes.
  public static let largestJSONFile = 16 << 20

  /// Whether what a user calls a network is a file: its name ends in `.json`.
  ///
  /// - Parameter name: A variant's name or a path.
  /// - Returns: Whether it is a path.
  public static func isFile(_ name: String) -> Bool { name.lowercased().hasSuffix(".json") }

  /// Finds the network that a user names.
  ///
  /// - Parameter name: A variant's name, or the path of a JSON file that ends in `.json`.
  /// - Throws: `NetworkError`.
  public init(named name: String) throws {
    self = Self.isFile(name) ? try Network(jsonFile: name) : try Variant.named(name).network()
  }

  /// Reads a network from a JSON file.
  ///
  /// - Parameter path: A regular file of at most `largestJSONFile` bytes.
  /// - Throws: `NetworkError`: `.unreadableFile`, or `.inFile` with what is wrong with the network.
  public init(jsonFile path: String) throws {
    let json = try Self.contents(of: path)
    do {
      self = try Network(json: json)
    } catch let error as NetworkError {
      throw NetworkError.inFile(path: path, error)
    }
  }

  private static func contents(of path: String) throws -> Data {
    func failure(_ reason: String) -> NetworkError { .unreadableFile(path: path, reason: reason) }
    do {
      guard let bytes = try RegularFile(path).contents(limit: largestJSONFile) else {
        throw failure("larger than \(largestJSONFile) bytes")
      }
      return Data(bytes)
    } catch let error as FileError {
      throw failure(error.reason)
    }
  }
}
