/// Builds a network node by node; `Value` has a method for each operation, in that operation's file.
///
/// ```swift
/// let builder = NetworkBuilder("tiny", channels: 1, height: 28, width: 28)
/// let scores = builder.input
///   .convolution("conv1", 6, kernel: 5, padding: 2).relu()
///   .flatten().linear("fc1", 10)
/// let network = try builder.network(output: scores)
/// ```
public final class NetworkBuilder {
  /// The value of one node, which any number of nodes may read.
  public struct Value {
    let builder: NetworkBuilder
    /// The name of the node that makes it.
    public let name: String
  }

  private let name: String
  private let shape: TensorShape
  private var nodes: [Node] = []
  private var counts: [String: Int] = [:]

  /// A builder of a network whose input is `[channels, height, width]`.
  public init(_ name: String, channels: Int, height: Int, width: Int) {
    self.name = name
    shape = TensorShape(channels: channels, height: height, width: width)
  }

  /// The network's input.
  public var input: Value { Value(builder: self, name: Network.inputName) }

  /// The finished network.
  ///
  /// - Parameters:
  ///   - output: The class scores.
  ///   - initialization: How weights start.
  /// - Returns: The validated network.
  /// - Throws: `NetworkError`, which names the node.
  public func network(
    output: Value, initialization: Network.Initialization = .xavierUniform
  ) throws -> Network {
    try Network(
      name: name, input: shape, nodes: nodes, output: output.name, initialization: initialization)
  }

  func append(_ name: String, _ operation: NodeOperation, _ inputs: [Value]) -> Value {
    precondition(
      inputs.allSatisfy { $0.builder === self }, "'\(name)' reads a value of another builder")
    nodes.append(Node(name, operation, inputs: inputs.map(\.name)))
    return Value(builder: self, name: name)
  }

  /// A name for a node without weights: the stem and a per-stem counter.
  func numbered(_ stem: String) -> String {
    counts[stem, default: 0] += 1
    return "\(stem)\(counts[stem, default: 0])"
  }
}

extension NetworkBuilder.Value {
  /// The result of an operation that reads this value alone.
  func then(_ name: String, _ operation: NodeOperation) -> Self {
    builder.append(name, operation, [self])
  }

  /// The same under a name of the stem and a running number.
  package func then(numbered stem: String, _ operation: NodeOperation) -> Self {
    then(builder.numbered(stem), operation)
  }
}
