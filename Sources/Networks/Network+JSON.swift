#if canImport(FoundationEssentials)
  // Without the rest of Foundation a program starts in a third of the time.
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension Network {
  /// Reads a network from JSON (`Docs/network-json.md`).
  ///
  /// - Parameter json: UTF-8 JSON as `json()` writes it, or written by hand.
  /// - Throws: `NetworkError`, which names the node where one is at fault.
  public init(json: Data) throws {
    guard json.count <= Limits.jsonBytes else {
      throw NetworkError.malformedJSON(
        "\(json.count) bytes are more than the \(Limits.jsonBytes) of a network")
    }
    // The decoder takes some text that is not JSON, and says of the rest only that it is not.
    if let fault = JSONFault.first(in: json) {
      throw NetworkError.malformedJSON(fault.description)
    }
    do {
      self = try JSONDecoder().decode(Network.self, from: json)
    } catch let error as DecodingError {
      throw NetworkError.malformedJSON(error.explanation)
    }
  }

  /// The network as JSON with sorted keys, so that equal networks give equal bytes.
  ///
  /// - Returns: UTF-8 JSON.
  /// - Throws: `EncodingError` where a number is not finite, which a valid network never holds.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}
