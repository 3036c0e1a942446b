extension ONNXGraphBuilder {
  /// `Add` takes exactly two inputs, `Sum` any number.
  mutating func addSum(_ node: NodeExport) { add(node.inputs.count == 2 ? "Add" : "Sum", node) }
}
