public import Tensors

/// One tensor that belongs to a node.
public struct Parameter: Hashable, Sendable {
  /// What the tensor is.
  public typealias Role = ParameterRole

  /// The node's name.
  public let node: String
  /// Which of the node's tensors.
  public let role: Role
  /// OIHW for convolutions, `[out, in]` for linear layers, `[C]` for the rest.
  public let shape: [Int]

  /// The key of PyTorch's state dict: `conv1.weight`.
  public var key: String { "\(node).\(role.rawValue)" }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
}

extension Network {
  /// Every parameter, in the order of the nodes.
  public var parameters: [Parameter] { nodes.flatMap(parameters(of:)) }

  /// A node's parameters: none for operations without weights.
  ///
  /// - Parameter node: A node of this network.
  /// - Returns: Its parameters, the weight first.
  public func parameters(of node: Node) -> [Parameter] {
    node.operation.definition.parameters(input: shape(of: node.inputs[0])).map {
      Parameter(node: node.name, role: $0.role, shape: $0.shape)
    }
  }

  /// The number of trained parameters, as papers count them: running statistics are left out.
  public var parameterCount: Int {
    parameters.filter(\.role.isTrainable).reduce(0) { $0 + $1.count }
  }

  /// Multiply–accumulates of one image in convolutions and linear layers.
  public var macs: Int { nodes.reduce(0) { $0 + macs(of: $1) } }

  /// Multiply–accumulates of one image in one node; 0 for other than convolutions and linear layers.
  ///
  /// - Parameter node: A node of this network.
  /// - Returns: Output positions × weights.
  public func macs(of node: Node) -> Int {
    node.operation.definition.macs(
      input: shape(of: node.inputs[0]), output: shape(of: node.name))
  }
}
