/// A directed acyclic graph of operations from one feature map `[C, H, W]` to class scores
/// (logits) `[classes]`.
///
/// A `Network` is always valid: its initialisers refuse what has no meaning, order the nodes so
/// that each follows its inputs, and infer every shape. Every node contributes to the output.
public struct Network: Sendable {
  /// The name under which nodes read the network's input.
  public static let inputName = "input"

  /// How weights start; biases start at 0, batch norm at γ 1, β 0.
  public enum Initialization: String, Codable, Hashable, Sendable, CaseIterable {
    /// Uniform in `±√(6 / (fanIn + fanOut))` (Glorot & Bengio 2010, eq. 16).
    case xavierUniform = "xavier-uniform"
    /// Normal with `σ = √(2 / fanIn)` (He et al. 2015, §2.2).
    case heNormal = "he-normal"
  }

  /// The variant's name, `alexnet` say.
  public let name: String
  /// The input `[C, H, W]`.
  public let input: TensorShape
  /// The nodes, each after all that it reads; the last one makes the result.
  public let nodes: [Node]
  /// The name of the node whose value is the result.
  public let output: String
  /// How weights start.
  public let initialization: Initialization
  /// What follows from the rest.
  private let index: NetworkIndex

  /// Checks, orders and infers.
  ///
  /// - Parameters:
  ///   - name: The variant's name.
  ///   - input: The input `[C, H, W]`.
  ///   - nodes: The nodes, in any order.
  ///   - output: The name of the node whose value is the result.
  ///   - initialization: How weights start.
  /// - Throws: `NetworkError`, which names the node.
  public init(
    name: String, input: TensorShape, nodes: [Node], output: String,
    initialization: Initialization = .xavierUniform
  ) throws {
    guard name.isPrintable(upTo: Limits.nameBytes) else {
      throw NetworkError.invalidNetworkName(name)
    }
    try Self.checkInput(input)
    self.name = name
    self.input = input
    self.nodes = try Self.topologicalOrder(nodes)
    self.output = output
    self.initialization = initialization
    index = try NetworkIndex(input: input, nodes: self.nodes)
    try checkOutput()
    try checkSizes()
  }

  /// The number of class scores.
  public var classCount: Int { shape(of: output).channels }

  /// The shape of a node's value, or of the input under `Network.inputName`. Takes constant time.
  ///
  /// - Parameter value: A name of this network; another is a programmer's mistake.
  /// - Returns: The shape, without the batch axis.
  public func shape(of value: String) -> TensorShape {
    guard let shape = index.shapes[value] else {
      preconditionFailure("'\(value)' is not a value of network '\(name)'")
    }
    return shape
  }

  /// The shapes of a node's inputs, in order.
  ///
  /// - Parameter node: A node of this network.
  /// - Returns: The shapes, without the batch axis.
  public func inputShapes(of node: Node) -> [TensorShape] {
    node.inputs.map { shape(of: $0) }
  }

  /// The node of a name, or nil where there is none. Takes constant time.
  ///
  /// - Parameter name: A node's name; the network's input is not a node.
  /// - Returns: The node.
  public func node(named name: String) -> Node? {
    index.positions[name].map { nodes[$0] }
  }

  /// The place in `nodes` of the node of a name, or nil where there is none. Takes constant time.
  ///
  /// - Parameter name: A node's name; the network's input is not a node.
  /// - Returns: The index.
  public func position(of name: String) -> Int? { index.positions[name] }

  /// The nodes that read a value, in order, each once; none for the result. Takes constant time but
  /// for making the array.
  ///
  /// - Parameter value: A node's name, or `Network.inputName`.
  /// - Returns: The readers.
  public func readers(of value: String) -> [Node] {
    index.readers[value, default: []].map { nodes[$0] }
  }
}

extension Network: Hashable {
  /// Whether name, input, nodes, output and initialisation agree; the rest follows from them.
  public static func == (left: Network, right: Network) -> Bool {
    left.name == right.name && left.input == right.input && left.nodes == right.nodes
      && left.output == right.output && left.initialization == right.initialization
  }

  /// Hashes what `==` compares.
  ///
  /// - Parameter hasher: Takes the parts.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(input)
    hasher.combine(nodes)
    hasher.combine(output)
    hasher.combine(initialization)
  }
}
