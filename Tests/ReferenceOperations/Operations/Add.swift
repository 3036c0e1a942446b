extension Formula {
  static let add = Formula(
    value: { arguments in
      arguments.inputs.dropFirst().reduce(arguments.x) {
        Reference.Value(arguments.shape, zip($0.elements, $1.elements).map(+))
      }
    },
    quantized: { $0.sum() })
}

extension QuantizedGroup {
  /// `Σ (x − x₀) · s_x / s_y`, in the order of the inputs.
  fileprivate func sum() -> QuantizedReference.Value {
    let output = grid?.scale ?? 1
    var sums = [Float](repeating: 0, count: shape.elementCount)
    for (place, input) in node.inputs.enumerated() {
      let (x, grid, _) = reference.numbers(input)
      let factor = grid.scale / output
      for index in sums.indices {
        let term = Float(x[index] - Int(grid.zeroPoint)) * factor
        sums[index] = place == 0 ? term : sums[index] + term
      }
    }
    return rounded(sums, inUnits: true)
  }
}
