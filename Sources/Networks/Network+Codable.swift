public import Foundation

extension Network: Codable {
  private enum Key: String, CodingKey { case name, input, nodes, output, initialization }
  private struct Input: Codable {
    var channels, height, width: Int
  }

  /// Decodes and validates.
  ///
  /// A node without `inputs` reads the node before it, the first one the network's input; without
  /// `output` the last node is the result.
  ///
  /// - Parameter decoder: The decoder to read from.
  /// - Throws: `NetworkError`, or `DecodingError` where the JSON is not of this form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let input = try container.decode(Input.self, forKey: .input)
    var nodes = try container.decode([Node].self, forKey: .nodes)
    var previous = Self.inputName
    for index in nodes.indices {
      if nodes[index].inputs.isEmpty { nodes[index].inputs = [previous] }
      previous = nodes[index].name
    }
    try self.init(
      name: container.decode(String.self, forKey: .name),
      input: TensorShape(channels: input.channels, height: input.height, width: input.width),
      nodes: nodes,
      output: try container.decodeIfPresent(String.self, forKey: .output) ?? previous,
      initialization: try container.decodeIfPresent(Initialization.self, forKey: .initialization)
        ?? .xavierUniform)
  }

  /// Encodes what the initialiser takes; shapes are inferred again on reading.
  ///
  /// - Parameter encoder: The encoder to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    let extents = Input(channels: input.channels, height: input.height, width: input.width)
    try container.encode(extents, forKey: .input)
    try container.encode(nodes, forKey: .nodes)
    try container.encode(output, forKey: .output)
    try container.encode(initialization, forKey: .initialization)
  }

  /// Reads a network from JSON.
  ///
  /// - Parameter json: UTF-8 JSON as `json()` writes it, or written by hand.
  /// - Throws: `NetworkError`, which names the node where one is at fault.
  public init(json: Data) throws {
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
