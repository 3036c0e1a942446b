import Networks

extension ONNXGraphBuilder {
  /// Average pooling whose divisor is PyTorch's: the window's part inside of the padded input where
  /// padding counts, and inside of the input where it does not; a part that hangs over the padding
  /// (`ceilMode`) never counts.
  mutating func addAveragePool(_ window: NodeOperation.Pooling, _ node: NodeExport) {
    var attributes = pooling(window, of: node)
    let (before, after) = padding(of: window, node)
    let hangsOver = after.height > before.height || after.width > before.width
    guard window.countIncludesPadding, before != 0, hangsOver else {
      let counts = window.countIncludesPadding && before != 0
      attributes.append(("count_include_pad", .integer(counts ? 1 : 0)))
      return add("AveragePool", node, attributes)
    }
    // The padding that counts as zeros of its own, the rest as padding that does not.
    let padded = "\(node.name)/padded"
    let pads = constant(
      "\(node.name)/pads", [0, 0] + before.pair + [0, 0] + before.pair)
    add("Pad", padded, node.inputs + [pads])
    let rest = [after.height - before.height, after.width - before.width]
    attributes[2].value = .integers([0, 0] + rest)
    add("AveragePool", node, inputs: [padded], attributes)
  }
}
