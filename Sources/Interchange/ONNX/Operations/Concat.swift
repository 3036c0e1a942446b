extension ONNXGraphBuilder {
  mutating func addConcat(_ node: NodeExport) { add("Concat", node, [("axis", .integer(1))]) }
}
