import Networks

extension Lowering {
  /// `x` where `x > 0`, else `negativeSlope · x`.
  mutating func lowerLeakyReLU(_ node: Node, _ attributes: NodeOperation.LeakyReLU) {
    let slope = attributes.negativeSlope
    append(
      node,
      Lowered.Elementwise(
        name: "leaky-relu", kernel: { if case .leakyReLU(let run) = $0 { run } else { nil } },
        prepare: { $0.scale = Float(slope) },
        value: { $0 > 0 ? $0 : Float(slope * Double($0)) }))
  }
}
