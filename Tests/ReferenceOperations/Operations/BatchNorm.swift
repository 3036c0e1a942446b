import Networks

extension Formula {
  static func batchNorm(_ attributes: NodeOperation.BatchNorm) -> Formula {
    Formula(
      value: {
        Reference.batchNorm(
          $0.x, gamma: $0.tensor(.weight), beta: $0.tensor(.bias), mean: $0.tensor(.runningMean),
          variance: $0.tensor(.runningVariance), attributes)
      },
      quantized: { $0.batchNorm(attributes) })
  }
}

extension QuantizedGroup {
  /// `(x − x₀) · s_x a / s_y + b / s_y`, with the batch norm as `a x + b`.
  fileprivate func batchNorm(_ attributes: NodeOperation.BatchNorm) -> QuantizedReference.Value {
    let (x, from, shape) = input
    let (gamma, beta) = (tensor(.weight).map(Double.init), tensor(.bias).map(Double.init))
    let mean = tensor(.runningMean).map(Double.init)
    let variance = tensor(.runningVariance).map(Double.init)
    let output = grid?.scale ?? 1
    let plane = shape.height * shape.width
    let values = x.indices.map { index in
      let c = index / plane
      let scale = gamma[c] / (variance[c] + attributes.epsilon).squareRoot()
      let shift = beta[c] - mean[c] * scale
      let product = Float(x[index] - Int(from.zeroPoint)) * (Float(scale) * from.scale / output)
      return product + Float(shift) / output
    }
    return rounded(values, inUnits: true)
  }
}

extension Reference {
  /// `γ (x − mean) / √(variance + ε) + β`, per channel.
  ///
  /// - Parameters:
  ///   - x: `[C, H, W]`.
  ///   - gamma: `[C]`.
  ///   - beta: `[C]`.
  ///   - mean: `[C]`.
  ///   - variance: `[C]`.
  ///   - attributes: ε.
  /// - Returns: The value of `x`'s shape.
  static func batchNorm(
    _ x: Value, gamma: [Double], beta: [Double], mean: [Double], variance: [Double],
    _ attributes: NodeOperation.BatchNorm
  ) -> Value {
    Value.make(x.shape) { c, i, j in
      gamma[c] * (x[c, i, j] - mean[c]) / (variance[c] + attributes.epsilon).squareRoot() + beta[c]
    }
  }
}
