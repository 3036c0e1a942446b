extension ONNXGraphBuilder {
  mutating func addTanh(_ node: NodeExport) { add("Tanh", node) }
}
