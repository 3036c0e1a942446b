internal import Networks

extension GraphBuilder {
  /// The layer of a mean over the cells of a grid: average pooling where all have one size.
  func makeAdaptiveAveragePool(
    _ node: Node, _ grid: Extent, input: Memory
  ) throws -> any Layer {
    let source = network.inputShapes(of: node)[0]
    if let window = grid.window(over: source) {
      return try PoolingLayer(node, window, isMaximum: false, input: input, in: self)
    }
    return try IrregularAveragePoolLayer(
      node, rows: AxisWindows(adaptive: source.height, to: grid.height),
      columns: AxisWindows(adaptive: source.width, to: grid.width), input: input, in: self)
  }
}

extension Extent {
  /// The window that averages a feature map to this grid; nil where the grid does not divide it.
  fileprivate func window(over input: TensorShape) -> NodeOperation.Pooling? {
    guard input.height % height == 0, input.width % width == 0 else { return nil }
    let kernel = Extent(height: input.height / height, width: input.width / width)
    return NodeOperation.Pooling(kernelSize: kernel, stride: kernel)
  }
}

extension AxisWindows {
  /// `⌊i·n / m⌋ ..< ⌈(i + 1)·n / m⌉`, PyTorch's adaptive grid.
  fileprivate init(adaptive size: Int, to count: Int) {
    for index in 0..<count {
      let range = index * size / count..<((index + 1) * size + count - 1) / count
      ranges.append(range)
      divisors.append(range.count)
    }
  }
}
