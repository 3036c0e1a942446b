package import Checkpoints

extension Quantization.Activation {
  /// The grid of 256 steps over a range, moved by less than half a step so that 0 is on it.
  ///
  /// - Parameter range: From 0 or less to 0 or more, finite.
  /// - Returns: The grid; a range of nothing but 0 has steps of 1.
  package static func spanning(_ range: ClosedRange<Float>) -> Quantization.Activation {
    // Divided first: the difference of two ends may not be finite.
    let scale = range.upperBound / 255 - range.lowerBound / 255
    guard scale >= .leastNormalMagnitude else {
      return Quantization.Activation(scale: 1, zeroPoint: 0)
    }
    let zeroPoint = (-range.lowerBound / scale).rounded(.toNearestOrEven)
    return Quantization.Activation(scale: scale, zeroPoint: UInt8(min(max(zeroPoint, 0), 255)))
  }

  /// The value of the grid that stands for a value.
  ///
  /// - Parameter value: Any but NaN.
  /// - Returns: `scale × (quantised − zeroPoint)`.
  package func rounded(_ value: Float) -> Float { self.value(of: nearest(value)) }
}
