import Networks

extension Formula {
  static func averagePool(_ window: NodeOperation.Pooling) -> Formula {
    Formula(
      value: { Reference.averagePool($0.x, window, $0.shape) },
      quantized: { group in
        let from = group.input.shape
        func count(_ taps: Range<Int>, _ size: Int) -> Int {
          window.countIncludesPadding ? taps.count : taps.count { (0..<size).contains($0) }
        }
        return group.average(
          rows: { count(window.rows($0, from), from.height) },
          columns: { count(window.columns($0, from), from.width) },
          mean: { Reference.averagePool($0, window, group.shape) })
      })
  }
}

extension QuantizedGroup {
  /// `round(Σ (x − x₀) · (s_x / s_y / n))`, the sum being the mean in double precision times n.
  ///
  /// - Parameters:
  ///   - rows: How many rows count in a row of means.
  ///   - columns: How many columns count in a column of means.
  ///   - mean: The pooling.
  /// - Returns: The result on its grid.
  func average(
    rows: (Int) -> Int, columns: (Int) -> Int, mean: (Reference.Value) -> Reference.Value
  ) -> QuantizedReference.Value {
    let counts = (0..<shape.height).flatMap { i in
      (0..<shape.width).map { rows(i) * columns($0) }
    }
    let scale = input.grid.scale, output = grid?.scale ?? 1
    let values = mean(units).elements.enumerated().map { index, mean in
      let count = counts[index % counts.count]
      return Float((mean * Double(count)).rounded()) * (scale / output / Float(count))
    }
    return rounded(values, inUnits: true)
  }
}

extension NodeOperation.Pooling {
  /// The rows of a window, those of the padding included but none beyond it.
  func rows(_ index: Int, _ input: TensorShape) -> Range<Int> {
    let first = index * stride.height - padding.height
    return first..<min(first + kernelSize.height, input.height + padding.height)
  }

  /// The columns alike.
  func columns(_ index: Int, _ input: TensorShape) -> Range<Int> {
    let first = index * stride.width - padding.width
    return first..<min(first + kernelSize.width, input.width + padding.width)
  }
}

extension Reference {
  /// The sum of each window over the number of its elements, of which padding is a part if
  /// `countIncludesPadding` (PyTorch's `AvgPool2d`).
  ///
  /// - Parameters:
  ///   - x: `[C, H, W]`.
  ///   - window: The window.
  ///   - shape: `[C, H′, W′]`.
  /// - Returns: The value of `shape`.
  static func averagePool(
    _ x: Value, _ window: NodeOperation.Pooling, _ shape: TensorShape
  ) -> Value {
    Value.make(shape) { c, i, j in
      var sum = 0.0, count = 0
      for y in window.rows(i, x.shape) {
        for z in window.columns(j, x.shape) {
          let inside = (0..<x.shape.height).contains(y) && (0..<x.shape.width).contains(z)
          sum += x[c, y, z]
          count += inside || window.countIncludesPadding ? 1 : 0
        }
      }
      return sum / Double(count)
    }
  }
}
