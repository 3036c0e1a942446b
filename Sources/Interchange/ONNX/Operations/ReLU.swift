extension ONNXGraphBuilder {
  mutating func addReLU(_ node: NodeExport) { add("Relu", node) }
}
