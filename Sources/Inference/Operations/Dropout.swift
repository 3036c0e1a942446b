import Networks

extension Lowering {
  /// Inference drops nothing: the node stands for its input.
  mutating func lowerDropout(_ node: Node) { forward(node) }
}
