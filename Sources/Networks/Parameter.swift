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
    let input = shape(of: node.inputs[0])
    func make(_ role: Parameter.Role, _ shape: [Int]) -> Parameter {
      Parameter(node: node.name, role: role, shape: shape)
    }
    switch node.operation {
    case .convolution(let attributes):
      let kernel = attributes.kernelSize
      let weight = [
        attributes.outputChannels, input.channels / attributes.groups, kernel.height, kernel.width,
      ]
      return [make(.weight, weight)]
        + (attributes.bias ? [make(.bias, [attributes.outputChannels])] : [])
    case .linear(let attributes):
      return [make(.weight, [attributes.outputFeatures, input.channels])]
        + (attributes.bias ? [make(.bias, [attributes.outputFeatures])] : [])
    case .batchNorm:
      return Parameter.Role.allCases.map { make($0, [input.channels]) }
    case .maxPool, .averagePool, .adaptiveAveragePool, .localResponseNorm, .relu, .sigmoid, .tanh,
      .dropout, .flatten, .add, .concat:
      return []
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
    switch node.operation {
    case .convolution, .linear:
      let output = shape(of: node.name)
      let weights = parameters(of: node).first?.count ?? 0
      return weights * output.height * output.width
    case .maxPool, .averagePool, .adaptiveAveragePool, .batchNorm, .localResponseNorm, .relu,
      .sigmoid, .tanh, .dropout, .flatten, .add, .concat:
      return 0
    }
  }
}
