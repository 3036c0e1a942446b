package import Networks

extension Reference {
  /// The greatest element of each window, NaN if it holds one; padding never wins.
  ///
  /// - Parameters:
  ///   - x: `[C, H, W]`.
  ///   - window: The window.
  ///   - shape: `[C, H′, W′]`.
  /// - Returns: The value of `shape`.
  package static func maxPool(
    _ x: Value, _ window: NodeOperation.Pooling, _ shape: TensorShape
  ) -> Value {
    Value.make(shape) { c, i, j in
      var greatest = -Double.infinity
      for y in rows(i, window, x.shape) where (0..<x.shape.height).contains(y) {
        for z in columns(j, window, x.shape) where (0..<x.shape.width).contains(z) {
          let element = x[c, y, z]
          if element > greatest || element.isNaN { greatest = element }
        }
      }
      return greatest
    }
  }

  /// The sum of each window over the number of its elements, of which padding is a part if
  /// `countIncludesPadding` (PyTorch's `AvgPool2d`).
  ///
  /// - Parameters:
  ///   - x: `[C, H, W]`.
  ///   - window: The window.
  ///   - shape: `[C, H′, W′]`.
  /// - Returns: The value of `shape`.
  package static func averagePool(
    _ x: Value, _ window: NodeOperation.Pooling, _ shape: TensorShape
  ) -> Value {
    Value.make(shape) { c, i, j in
      var sum = 0.0, count = 0
      for y in rows(i, window, x.shape) {
        for z in columns(j, window, x.shape) {
          let inside = (0..<x.shape.height).contains(y) && (0..<x.shape.width).contains(z)
          sum += x[c, y, z]
          count += inside || window.countIncludesPadding ? 1 : 0
        }
      }
      return sum / Double(count)
    }
  }

  /// The mean of rows `⌊iH/H′⌋ ..< ⌈(i+1)H/H′⌉` and of columns alike.
  ///
  /// - Parameters:
  ///   - x: `[C, H, W]`.
  ///   - shape: `[C, H′, W′]`.
  /// - Returns: The value of `shape`.
  package static func adaptiveAveragePool(_ x: Value, _ shape: TensorShape) -> Value {
    func window(_ index: Int, _ size: Int, _ outputs: Int) -> ClosedRange<Int> {
      let scale = Double(size) / Double(outputs)
      let first = (Double(index) * scale + 1e-9).rounded(.down)
      let end = (Double(index + 1) * scale - 1e-9).rounded(.up)
      return Int(first)...Int(end) - 1
    }
    return Value.make(shape) { c, i, j in
      let rows = window(i, x.shape.height, shape.height)
      let columns = window(j, x.shape.width, shape.width)
      let sum = rows.reduce(0) { sum, y in columns.reduce(sum) { $0 + x[c, y, $1] } }
      return sum / Double(rows.count * columns.count)
    }
  }

  /// The rows of a window, those of the padding included but none beyond it.
  private static func rows(
    _ index: Int, _ window: NodeOperation.Pooling, _ input: TensorShape
  ) -> Range<Int> {
    let first = index * window.stride.height - window.padding.height
    return first..<min(first + window.kernelSize.height, input.height + window.padding.height)
  }

  private static func columns(
    _ index: Int, _ window: NodeOperation.Pooling, _ input: TensorShape
  ) -> Range<Int> {
    let first = index * window.stride.width - window.padding.width
    return first..<min(first + window.kernelSize.width, input.width + window.padding.width)
  }
}
