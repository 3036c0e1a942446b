extension ONNXGraphBuilder {
  /// The builder leaves out what only training computes, so that no file has this node.
  mutating func addDropout(_ node: NodeExport) { add("Identity", node) }
}
