import Networks

extension Formula {
  static func leakyReLU(_ attributes: NodeOperation.LeakyReLU) -> Formula {
    elementwise { Reference.leakyReLU($0, negativeSlope: attributes.negativeSlope) }
  }
}

extension Reference {
  /// `x` where `x > 0`, else `negativeSlope · x`.
  package static func leakyReLU(_ x: Double, negativeSlope: Double) -> Double {
    x > 0 ? x : negativeSlope * x
  }
}
