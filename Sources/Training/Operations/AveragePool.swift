internal import Networks

extension GraphBuilder {
  /// The layer of a mean over a window: oneDNN's where its divisors are the network's.
  func makeAveragePool(
    _ node: Node, _ window: NodeOperation.Pooling, input: Memory
  ) throws -> any Layer {
    let (source, result) = (network.inputShapes(of: node)[0], network.shape(of: node.name))
    if window.hasUniformDivisor(over: source) {
      return try PoolingLayer(node, window, isMaximum: false, input: input, in: self)
    }
    let rows = AxisWindows(
      size: source.height, count: result.height, kernel: window.kernelSize.height,
      stride: window.stride.height, padding: window.padding.height,
      countsPadding: window.countIncludesPadding)
    let columns = AxisWindows(
      size: source.width, count: result.width, kernel: window.kernelSize.width,
      stride: window.stride.width, padding: window.padding.width,
      countsPadding: window.countIncludesPadding)
    return try IrregularAveragePoolLayer(
      node, rows: rows, columns: columns, input: input, in: self)
  }
}

extension NodeOperation.Pooling {
  /// Whether every window of an average divides by the same number, or by its own valid elements as
  /// oneDNN counts them. A last window that hangs over the padded edge (ceil mode) does neither.
  fileprivate func hasUniformDivisor(over input: TensorShape) -> Bool {
    func fits(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Bool {
      (size + 2 * padding - kernel) % stride == 0
    }
    return !ceilMode || !countIncludesPadding
      || fits(input.height, kernelSize.height, stride.height, padding.height)
        && fits(input.width, kernelSize.width, stride.width, padding.width)
  }
}

extension AxisWindows {
  /// Windows of pooling; the divisor counts padding but nothing beyond it.
  fileprivate init(
    size: Int, count: Int, kernel: Int, stride: Int, padding: Int, countsPadding: Bool
  ) {
    for index in 0..<count {
      let start = index * stride - padding
      let end = min(start + kernel, size + padding)
      let range = max(start, 0)..<max(min(end, size), max(start, 0))
      ranges.append(range)
      divisors.append(countsPadding ? end - start : range.count)
    }
  }
}
