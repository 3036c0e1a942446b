import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Formula {
  static func localResponseNorm(_ attributes: NodeOperation.LocalResponseNorm) -> Formula {
    Formula(
      value: { Reference.localResponseNorm($0.x, attributes) },
      quantized: { preconditionFailure("'\($0.node.name)' is computed in floats") })
  }
}

extension Reference {
  /// `x[c] / (k + α/n Σ x[c′]²)^β`, `c′` over the `n` channels around `c`.
  ///
  /// - Parameters:
  ///   - x: `[C, H, W]`.
  ///   - attributes: `n`, `α`, `β` and `k`.
  /// - Returns: The value of `x`'s shape.
  static func localResponseNorm(
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
