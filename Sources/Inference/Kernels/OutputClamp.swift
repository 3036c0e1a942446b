package import CKernels

/// The range that an operation brings its results into before it stores them:
/// `min(max(x, lower), upper)`. NaN stays NaN.
///
/// A kernel clamps every result, so a ReLU or a ReLU6 that ends an operation takes no time of its own.
package struct OutputClamp: Equatable, Sendable {
  /// The bounds; −∞ and ∞ where there is none.
  package let lower, upper: Float

  /// Every result as it is, bit for bit.
  package static let none = OutputClamp(lower: -.infinity, upper: .infinity)
  /// Negative results become 0.
  package static let relu = OutputClamp(lower: 0, upper: .infinity)

  /// - Parameters:
  ///   - lower: The least result.
  ///   - upper: The greatest, at least `lower`.
  package init(lower: Float, upper: Float) {
    precondition(lower <= upper, "a clamp between \(lower) and \(upper)")
    self.lower = lower
    self.upper = upper
  }

  /// Brings a value into the range.
  package func callAsFunction(_ value: Float) -> Float { min(max(value, lower), upper) }

  /// This clamp followed by another one, as one.
  func then(_ next: OutputClamp) -> OutputClamp {
    OutputClamp(lower: next(lower), upper: next(upper))
  }

  /// How a kernel is told.
  package var bounds: cnn_f32_clamp { cnn_f32_clamp(lower: lower, upper: upper) }

  /// What an algorithm's name ends in: nothing without a bound, `, relu` for a ReLU.
  var suffix: String {
    switch self {
    case .none: ""
    case .relu: ", relu"
    default: ", clamp \(lower)…\(upper)"
    }
  }
}
