import Files

extension Network: Codable {
  enum Key: String, CodingKey, CaseIterable { case name, input, nodes, output, initialization }
  enum InputKey: String, CodingKey, CaseIterable { case channels, height, width }

  /// Decodes and validates.
  ///
  /// A node without `inputs` reads the node before it, the first one the network's input; without
  /// `output` the last node is the result.
  ///
  /// - Parameter decoder: The decoder to read from.
  /// - Throws: `NetworkError`, or `DecodingError` where the JSON is not of this form.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownKeys("the network", known: Key.allCases.map(\.rawValue))
    let container = try decoder.container(keyedBy: Key.self)
    let nodes = try Self.decodeNodes(from: container)
    try self.init(
      name: container.decode(String.self, forKey: .name),
      input: try Self.decodeInput(from: container),
      nodes: nodes,
      output: try container.decodeIfPresent(String.self, forKey: .output)
        ?? nodes.last?.name ?? Self.inputName,
      initialization: try Self.decodeInitialization(from: container))
  }

  /// Encodes what the initialiser takes; shapes are inferred again on reading.
  ///
  /// - Parameter encoder: The encoder to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    var extents = container.nestedContainer(keyedBy: InputKey.self, forKey: .input)
    try extents.encode(input.channels, forKey: .channels)
    try extents.encode(input.height, forKey: .height)
    try extents.encode(input.width, forKey: .width)
    try container.encode(nodes, forKey: .nodes)
    try container.encode(output, forKey: .output)
    try container.encode(initialization, forKey: .initialization)
  }

  private static func decodeInput(
    from container: KeyedDecodingContainer<Key>
  ) throws -> TensorShape {
    try container.superDecoder(forKey: .input)
      .refuseUnknownKeys("the input", known: InputKey.allCases.map(\.rawValue))
    let extents = try container.nestedContainer(keyedBy: InputKey.self, forKey: .input)
    return TensorShape(
      channels: try extents.attribute(.channels),
      height: try extents.attribute(.height),
      width: try extents.attribute(.width))
  }

  /// Decodes the nodes one by one, so that a list that is too long costs nothing.
  private static func decodeNodes(from container: KeyedDecodingContainer<Key>) throws -> [Node] {
    var list = try container.nestedUnkeyedContainer(forKey: .nodes)
    if let count = list.count, !(1...Limits.nodes).contains(count) {
      throw NetworkError.nodeCount(found: count, limit: Limits.nodes)
    }
    var nodes: [Node] = []
    var previous = inputName
    while !list.isAtEnd, nodes.count <= Limits.nodes {
      var node = try list.decode(Node.self)
      if node.inputs.isEmpty { node.inputs = [previous] }
      previous = node.name
      nodes.append(node)
    }
    return nodes
  }

  private static func decodeInitialization(
    from container: KeyedDecodingContainer<Key>
  ) throws -> Initialization {
    guard let name = try container.decodeIfPresent(String.self, forKey: .initialization) else {
      return .xavierUniform
    }
    guard let initialization = Initialization(rawValue: name) else {
      let known = Initialization.allCases.map(\.rawValue).joined(separator: ", ")
      throw NetworkError.malformedJSON("initialization: \(name.quoted) is none of \(known)")
    }
    return initialization
  }
}
