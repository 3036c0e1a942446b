import Networks

extension Formula {
  static let linear = Formula(
    value: { Reference.linear($0.x, $0.tensor(.weight), $0.tensor(.bias), $0.shape) },
    quantized: { group in
      group.finished(Reference.linear(group.units, group.integers, [], group.shape))
    })
}

extension Reference {
  /// `y[o] = b[o] + Σ_i w[o, i] · x[i]`.
  ///
  /// - Parameters:
  ///   - x: `[I]`.
  ///   - weight: `[O, I]`.
  ///   - bias: `[O]`, or empty for none.
  ///   - shape: `[O]`.
  /// - Returns: The value of `shape`.
  static func linear(
    _ x: Value, _ weight: [Double], _ bias: [Double], _ shape: TensorShape
  ) -> Value {
    let inputs = x.elements.count
    return Value(
      shape,
      (0..<shape.channels).map { o in
        (0..<inputs).reduce(bias.isEmpty ? 0 : bias[o]) {
          $0 + weight[o * inputs + $1] * x.elements[$1]
        }
      })
  }
}
