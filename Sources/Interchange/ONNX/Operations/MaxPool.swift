import Networks

extension ONNXGraphBuilder {
  mutating func addMaxPool(_ window: NodeOperation.Pooling, _ node: NodeExport) {
    add("MaxPool", node, pooling(window, of: node))
  }
}
