/// How the values that calibration saw become the range that 256 steps span.
///
/// ```swift
/// for method in CalibrationMethod.allCases {
///   print(method.rawValue, try Quantizer(calibration, method: method).layers.count)
/// }
/// ```
public enum CalibrationMethod: String, Sendable, CaseIterable {
  /// From the least to the greatest value.
  case minmax
  /// What 99.99 % of the values lie below, and above: few outliers are clipped.
  case percentile
  /// The range of least mean squared error of rounding and clipping together.
  case mse
  /// The range whose rounded distribution has the least Kullback–Leibler divergence from the values'
  /// own (Migacz 2017, "8-bit Inference with TensorRT").
  case entropy
}

extension ValueHistogram {
  /// The range that a method chooses; it spans 0.
  ///
  /// - Parameter method: How.
  /// - Returns: Its ends.
  package func range(_ method: CalibrationMethod) -> ClosedRange<Float> {
    switch method {
    case .minmax: least...greatest
    case .percentile: percentileRange(0.9999)
    case .mse: leastSquaresRange()
    case .entropy: entropyRange()
    }
  }
}
