import Files

extension Node: Codable {
  enum Key: String, CodingKey, CaseIterable { case name, type, inputs }

  /// Decodes a node; without `inputs` it reads the node before it, which `Network` fills in.
  ///
  /// - Parameter decoder: The decoder to read from.
  /// - Throws: `NetworkError` that names the node, or `DecodingError` where it has no name.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .name)
    do {
      let type = try container.decode(String.self, forKey: .type)
      guard let kind = NodeOperation.Kind(rawValue: type) else {
        throw NetworkError.unknownOperation(node: name, type: type)
      }
      let known = Key.allCases.map(\.rawValue) + kind.definition.keys.map(\.stringValue)
      try decoder.refuseUnknownKeys("node \(name.quoted)", known: known)
      let inputs = try container.decodeIfPresent([String].self, forKey: .inputs)
      let attributes = try decoder.container(keyedBy: OperationKey.self)
      let operation = try kind.definition.init(from: attributes).operation
      guard inputs?.isEmpty != true else {
        throw NetworkError.wrongInputCount(
          node: name, operation: type, expected: operation.inputCount, found: 0)
      }
      self.init(name, operation, inputs: inputs ?? [])
    } catch let error as DecodingError {
      throw NetworkError.malformedJSON("node \(name.quoted): \(error.explanation)")
    }
  }

  /// Encodes name, type, inputs and the operation's attributes into one flat object.
  ///
  /// - Parameter encoder: The encoder to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(operation.kind.rawValue, forKey: .type)
    try container.encode(inputs, forKey: .inputs)
    var attributes = encoder.container(keyedBy: OperationKey.self)
    try operation.definition.encode(to: &attributes)
  }
}
