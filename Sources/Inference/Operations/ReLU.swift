import Networks

extension Lowering {
  /// `max(x, 0)` costs nothing at the end of a convolution, a linear layer, a batch norm or a sum.
  mutating func lowerReLU(_ node: Node) { lowerClamp(node, .relu, name: "relu") }
}
