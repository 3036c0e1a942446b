extension ONNXGraphBuilder {
  mutating func addSigmoid(_ node: NodeExport) { add("Sigmoid", node) }
}
