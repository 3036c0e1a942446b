extension Node: Codable {
  private enum Key: String, CodingKey { case name, inputs }

  /// Decodes a node; without `inputs` it reads the node before it, which `Network` fills in.
  ///
  /// - Parameter decoder: The decoder to read from.
  /// - Throws: `NetworkError` that names the node, or `DecodingError` where it has no name.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .name)
    do {
      let attributes = try decoder.container(keyedBy: Operation.Key.self)
      let type = try attributes.decode(String.self, forKey: .type)
      guard let kind = Operation.Kind(rawValue: type) else {
        throw NetworkError.unknownOperation(node: name, type: type)
      }
      let inputs = try container.decodeIfPresent([String].self, forKey: .inputs) ?? []
      self.init(name, try Operation(kind: kind, from: attributes), inputs: inputs)
    } catch let error as DecodingError {
      throw NetworkError.malformedJSON("node '\(name)': \(error.explanation)")
    }
  }

  /// Encodes name, type, inputs and the operation's attributes into one flat object.
  ///
  /// - Parameter encoder: The encoder to write to.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(inputs, forKey: .inputs)
    var attributes = encoder.container(keyedBy: Operation.Key.self)
    try attributes.encode(operation.kind.rawValue, forKey: .type)
    try operation.encode(to: &attributes)
  }
}

extension DecodingError {
  /// The reason in one line, with the path to the value.
  var explanation: String {
    switch self {
    case .keyNotFound(let key, let context): "\(context.path)'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      context.path + context.debugDescription.prefix { $0 != "\n" }
    @unknown default: "unreadable"
    }
  }
}

extension DecodingError.Context {
  fileprivate var path: String {
    let names = codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
    return names.isEmpty ? "" : names.joined(separator: ".") + ": "
  }
}
