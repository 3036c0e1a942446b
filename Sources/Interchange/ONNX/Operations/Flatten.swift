extension ONNXGraphBuilder {
  mutating func addFlatten(_ node: NodeExport) { add("Flatten", node, [("axis", .integer(1))]) }
}
