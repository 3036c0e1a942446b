package import Checkpoints
import Networks
import Tensors

extension Checkpoint {
  /// The same function with each batch norm folded into the convolution that it alone reads, whose
  /// filters are scaled and which gets a bias: `γ / √(var + ε) · w` and
  /// `γ / √(var + ε) · (b − mean) + β`. What read the batch norm reads the convolution.
  ///
  /// - Returns: The checkpoint; batch norms behind anything else stay.
  /// - Throws: `InferenceError` where a parameter is missing or of another shape, or `NetworkError`.
  package func foldingBatchNorm() throws -> Checkpoint {
    var folded = self
    var renamed: [String: String] = [:]
    var nodes: [Node] = []
    var places: [String: Int] = [:]
    for var node in network.nodes {
      let source = network.source(of: node)
      node.inputs = node.inputs.map { renamed[$0] ?? $0 }
      if case .batchNorm(let attributes) = node.operation, let source,
        let place = places[renamed[source] ?? source],
        case .convolution(var convolution) = nodes[place].operation
      {
        try folded.fold(node, attributes, into: nodes[place], convolution, of: network)
        convolution.bias = true
        nodes[place].operation = .convolution(convolution)
        renamed[node.name] = node.inputs[0]
      } else {
        places[node.name] = nodes.count
        nodes.append(node)
      }
    }
    folded.network = try Network(
      name: network.name, input: network.input, nodes: nodes,
      output: renamed[network.output] ?? network.output, initialization: network.initialization)
    return folded
  }

  private mutating func fold(
    _ node: Node, _ attributes: NodeOperation.BatchNorm, into producer: Node,
    _ convolution: NodeOperation.Convolution, of network: Network
  ) throws {
    let lowering = Lowering(network, weights)
    let (scale, shift) = try lowering.normalization(node, attributes)
    let filters = try lowering.convolution(producer, convolution)
    weights[producer.name, .weight] = filters.weights.scaled(by: scale)
    weights[producer.name, .bias] = Tensor(
      shape: [scale.count], zip(zip(filters.shift, scale).map(*), shift).map { Float($0 + $1) })
    weights.nodes[node.name] = nil
  }
}

extension Network {
  /// What a node reads, dropout looked through, where nothing else reads it.
  fileprivate func source(of node: Node) -> String? {
    var name = node.inputs[0]
    while readers(of: name).count == 1 {
      guard let producer = self.node(named: name),
        producer.operation.traits.contains(.isTrainingOnly)
      else {
        return name
      }
      name = producer.inputs[0]
    }
    return nil
  }
}

extension Tensor {
  /// Each slice of the outermost axis times a factor of its own.
  fileprivate func scaled(by factors: [Double]) -> Tensor {
    let length = count / max(factors.count, 1)
    return Tensor(
      shape: shape,
      withFloats { values in
        values.indices.map { Float(Double(values[$0]) * factors[$0 / length]) }
      })
  }
}
