import Networks

extension Formula {
  static let adaptiveAveragePool = Formula(
    value: { Reference.adaptiveAveragePool($0.x, $0.shape) },
    quantized: { group in
      let from = group.input.shape, shape = group.shape
      func count(_ index: Int, _ size: Int, _ outputs: Int) -> Int {
        ((index + 1) * size + outputs - 1) / outputs - index * size / outputs
      }
      return group.average(
        rows: { count($0, from.height, shape.height) },
        columns: { count($0, from.width, shape.width) },
        mean: { Reference.adaptiveAveragePool($0, shape) })
    })
}

extension Reference {
  /// The mean of rows `⌊iH/H′⌋ ..< ⌈(i+1)H/H′⌉` and of columns alike.
  ///
  /// - Parameters:
  ///   - x: `[C, H, W]`.
  ///   - shape: `[C, H′, W′]`.
  /// - Returns: The value of `shape`.
  static func adaptiveAveragePool(_ x: Value, _ shape: TensorShape) -> Value {
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
}
