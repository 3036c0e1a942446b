#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension Network {
  /// The largest JSON file that is read, in bytes.
  public static let largestJSONFile = 16 << 20

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
    // Opening a pipe must not wait for a writer.
    let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw failure(String(cString: strerror(errno))) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw failure("not a regular file")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= largestJSONFile {
      let count = read(file, &chunk, chunk.count)
      guard count >= 0 else { throw failure(String(cString: strerror(errno))) }
      if count == 0 { return Data(bytes) }
      bytes += chunk[..<count]
    }
    throw failure("larger than \(largestJSONFile) bytes")
  }
}
