import Networks

extension Formula {
  static func maxPool(_ window: NodeOperation.Pooling) -> Formula {
    Formula(
      value: { Reference.maxPool($0.x, window, $0.shape) },
      quantized: { group in
        let (x, grid, from) = group.input
        let numbers = Reference.maxPool(
          Reference.Value(from, x.map(Double.init)), window, group.shape)
        return .numbers(numbers.elements.map { Int($0) }, grid, group.shape)
      })
  }
}

extension Reference {
  /// The greatest element of each window, NaN if it holds one; padding never wins.
  ///
  /// - Parameters:
  ///   - x: `[C, H, W]`.
  ///   - window: The window.
  ///   - shape: `[C, H′, W′]`.
  /// - Returns: The value of `shape`.
  static func maxPool(
    _ x: Value, _ window: NodeOperation.Pooling, _ shape: TensorShape
  ) -> Value {
    Value.make(shape) { c, i, j in
      var greatest = -Double.infinity
      for y in window.rows(i, x.shape) where (0..<x.shape.height).contains(y) {
        for z in window.columns(j, x.shape) where (0..<x.shape.width).contains(z) {
          let element = x[c, y, z]
          if element > greatest || element.isNaN { greatest = element }
        }
      }
      return greatest
    }
  }
}
