package import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Reference {
  /// `max(x, 0)`, NaN of NaN.
  package static func relu(_ x: Double) -> Double { x < 0 ? 0 : x }

  /// `1 / (1 + e⁻ˣ)`.
  package static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// `(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)`.
  package static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }

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
  package static func batchNorm(
    _ x: Value, gamma: [Double], beta: [Double], mean: [Double], variance: [Double],
    _ attributes: NodeOperation.BatchNorm
  ) -> Value {
    Value.make(x.shape) { c, i, j in
      gamma[c] * (x[c, i, j] - mean[c]) / (variance[c] + attributes.epsilon).squareRoot() + beta[c]
    }
  }

  /// `x[c] / (k + α/n Σ x[c′]²)^β`, `c′` over the `n` channels around `c`.
  ///
  /// - Parameters:
  ///   - x: `[C, H, W]`.
  ///   - attributes: `n`, `α`, `β` and `k`.
  /// - Returns: The value of `x`'s shape.
  package static func localResponseNorm(
    _ x: Value, _ attributes: NodeOperation.LocalResponseNorm
  ) -> Value {
    let half = attributes.size / 2
    return Value.make(x.shape) { c, i, j in
      let window = max(0, c - half)...min(x.shape.channels - 1, c + half)
      let squares = window.reduce(0) { $0 + x[$1, i, j] * x[$1, i, j] }
      let base = attributes.k + attributes.alpha / Double(attributes.size) * squares
      return x[c, i, j] / pow(base, attributes.beta)
    }
  }
}
