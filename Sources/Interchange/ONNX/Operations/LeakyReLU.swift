import Networks

extension ONNXGraphBuilder {
  mutating func addLeakyReLU(_ attributes: NodeOperation.LeakyReLU, _ node: NodeExport) {
    add("LeakyRelu", node, [("alpha", .float(attributes.negativeSlope))])
  }
}
