import Networks

extension ONNXGraphBuilder {
  mutating func addBatchNorm(_ attributes: NodeOperation.BatchNorm, _ node: NodeExport) {
    let parameters = checkpoint.network.parameters(of: node.node).compactMap { parameter in
      checkpoint.weights[parameter].map { self.parameter(parameter.key, $0) }
    }
    add(
      "BatchNormalization", node, inputs: node.inputs + parameters,
      [("epsilon", .float(attributes.epsilon))])
  }
}
