import Checkpoints

extension ValueHistogram {
  /// Ends are tried in steps of a 128th of the value farthest from 0.
  private static let steps = 128

  /// The range on whose grid the values have the least mean squared error, by search of one end after
  /// the other.
  ///
  /// - Returns: The range.
  package func leastSquaresRange() -> ClosedRange<Float> {
    let points = points
    var best = (range: least...greatest, error: Double.infinity)
    func consider(_ range: ClosedRange<Float>) {
      let error = Self.squaredError(of: points, on: .spanning(range))
      if error < best.error { best = (range, error) }
    }
    consider(best.range)
    // The best upper end depends on the lower one: twice are enough where there are both.
    for _ in 0..<(least < 0 && greatest > 0 ? 2 : 1) {
      for step in 1..<Self.steps where greatest > 0 {
        consider(best.range.lowerBound...greatest * Float(step) / Float(Self.steps))
      }
      for step in 1..<Self.steps where least < 0 {
        consider(least * Float(step) / Float(Self.steps)...best.range.upperBound)
      }
    }
    return best.range
  }

  /// The middle of each bin that is not empty, and its count. Zeros are on every grid.
  private var points: [(value: Float, count: Double)] {
    var result: [(value: Float, count: Double)] = []
    for (side, sign) in [(negative, Float(-1)), (positive, 1)] {
      for (bin, count) in side.enumerated() where count > 0 {
        result.append((sign * width * (Float(bin) + 0.5), Double(count)))
      }
    }
    return result
  }

  private static func squaredError(
    of points: [(value: Float, count: Double)], on grid: Quantization.Activation
  ) -> Double {
    points.reduce(0) { sum, point in
      let error = Double(point.value - grid.rounded(point.value))
      return sum + point.count * error * error
    }
  }
}
