extension ONNXGraphBuilder {
  mutating func addLinear(_ node: NodeExport) {
    add("Gemm", node, inputs: withWeights(node), [("transB", .integer(1))])
  }
}
