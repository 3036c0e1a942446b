extension Formula {
  static let concat = Formula(
    value: { Reference.Value($0.shape, $0.inputs.flatMap(\.elements)) },
    quantized: { group in group.rounded(group.node.inputs.flatMap(group.reals)) })
}
