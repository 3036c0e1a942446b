/// A directed acyclic graph of operations from one feature map `[C, H, W]` to class scores
/// (logits) `[classes]`.
///
/// A `Network` is always valid: its initialisers refuse what has no meaning, order the nodes so
/// that each follows its inputs, and infer every shape.
public struct Network: Hashable, Sendable {
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
  /// The nodes, each after all that it reads.
  public let nodes: [Node]
  /// The name of the node whose value is the result.
  public let output: String
  /// How weights start.
  public let initialization: Initialization
  private let shapes: [String: TensorShape]

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
    self.name = name
    self.input = input
    self.output = output
    self.initialization = initialization
    try Self.checkInput(input)
    self.nodes = try Self.topologicalOrder(nodes)
    var shapes = [Self.inputName: input]
    for node in self.nodes {
      let inputs = node.inputs.compactMap { shapes[$0] }
      shapes[node.name] = try node.operation.outputShape(of: inputs, node: node.name)
    }
    guard let result = shapes[output], output != Self.inputName else {
      throw NetworkError.unknownInput(node: "output", input: output)
    }
    guard result.dimensions.count == 1 else {
      throw NetworkError.outputNotVector(node: output, shape: result)
    }
    self.shapes = shapes
    for parameter in parameters {
      _ = try TensorShape(parameter.shape).checked(node: parameter.node)
    }
    for node in self.nodes where macs(of: node) > Limits.macs {
      throw NetworkError.tooLarge(node: node.name, shape: self.shape(of: node.name))
    }
  }

  /// The number of class scores.
  public var classCount: Int { shape(of: output).channels }

  /// The shape of a node's value, or of the input under `Network.inputName`.
  ///
  /// - Parameter value: A name of this network; another is a programmer's mistake.
  /// - Returns: The shape, without the batch axis.
  public func shape(of value: String) -> TensorShape {
    guard let shape = shapes[value] else {
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

  private static func checkInput(_ input: TensorShape) throws {
    guard input.isFeatureMap, input.dimensions.allSatisfy({ (1...65_536).contains($0) }) else {
      throw NetworkError.invalidAttribute(
        node: inputName, attribute: "shape", value: "\(input)",
        rule: "must be C×H×W, each from 1 to 65536")
    }
    _ = try input.checked(node: inputName)
  }
}
