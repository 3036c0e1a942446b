package import CKernels
import Checkpoints

/// The uint8 numbers that a value is rounded to.
typealias Grid = Quantization.Activation

extension Grid {
  /// How a kernel rounds to this grid: between 0 and 255 and the numbers nearest to a clamp's bounds,
  /// which takes no longer. To clamp before rounding would give the same, since rounding keeps order.
  package func rounding(_ clamp: OutputClamp = .none) -> cnn_u8_rounding {
    var rounding = cnn_u8_rounding()
    rounding.zero = Int32(zeroPoint)
    rounding.low = units(clamp.lower)
    rounding.high = units(clamp.upper)
    return rounding
  }

  /// The nearest number of the grid, counted from its zero point; the even one of two.
  private func units(_ value: Float) -> Float {
    let units = (value / scale).rounded(.toNearestOrEven)
    return min(max(units, -Float(zeroPoint)), 255 - Float(zeroPoint))
  }

  /// The nearest number of the grid, the even one of two.
  func nearest(_ value: Float) -> UInt8 {
    let units = (value / scale).rounded(.toNearestOrEven)
    // NaN becomes the least, as it does in the kernels.
    let least = max(-Float(zeroPoint), units)
    return UInt8(min(least, 255 - Float(zeroPoint)) + Float(zeroPoint))
  }

  /// What a number of the grid stands for.
  func value(of number: UInt8) -> Float { Float(Int(number) - Int(zeroPoint)) * scale }

  /// The numbers of `other` for all 256 of this grid, after a function.
  func table(to other: Grid, _ function: (Float) -> Float = { $0 }) -> [UInt8] {
    (0...255).map { other.nearest(function(value(of: $0))) }
  }
}

extension cnn_u8_rounding {
  /// Sums that stay floats.
  static func floats(_ clamp: OutputClamp) -> cnn_u8_rounding {
    var rounding = cnn_u8_rounding()
    rounding.low = clamp.lower
    rounding.high = clamp.upper
    return rounding
  }
}
