import Networks

/// The windows of a pooling, without their padding, and what their sums are divided by.
struct PoolWindows: Sendable {
  struct Line: Sendable {
    /// Of rows or columns, those in the image.
    let inside: Range<Int>
    /// How many count in an average.
    let counted: Int
  }

  let input, output: TensorShape
  let rows, columns: [Line]

  /// The windows of a pooling.
  init(_ pooling: NodeOperation.Pooling, input: TensorShape, output: TensorShape) {
    self.input = input
    self.output = output
    rows = Self.lines(
      output.height, of: input.height, kernel: pooling.kernelSize.height,
      stride: pooling.stride.height, padding: pooling.padding.height,
      pooling.countIncludesPadding)
    columns = Self.lines(
      output.width, of: input.width, kernel: pooling.kernelSize.width,
      stride: pooling.stride.width, padding: pooling.padding.width, pooling.countIncludesPadding)
  }

  /// The windows of adaptive average pooling.
  init(adaptive input: TensorShape, output: TensorShape) {
    self.input = input
    self.output = output
    func lines(_ count: Int, of size: Int) -> [Line] {
      (0..<count).map {
        let window = AdaptivePoolStep.window($0, size, count)
        return Line(inside: window, counted: window.count)
      }
    }
    rows = lines(output.height, of: input.height)
    columns = lines(output.width, of: input.width)
  }

  /// Elements of the largest window.
  var largest: Int {
    (rows.map(\.inside.count).max() ?? 0) * (columns.map(\.inside.count).max() ?? 0)
  }

  private static func lines(
    _ count: Int, of size: Int, kernel: Int, stride: Int, padding: Int, _ countsPadding: Bool
  ) -> [Line] {
    (0..<count).map { index in
      let first = index * stride - padding
      let end = min(first + kernel, size + padding)
      let inside = max(first, 0)..<max(0, first, min(end, size))
      return Line(inside: inside, counted: countsPadding ? end - first : inside.count)
    }
  }
}
