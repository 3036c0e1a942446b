import CKernels
import Checkpoints

/// The uint8 numbers that a value is rounded to.
typealias Grid = Quantization.Activation

extension Grid {
  /// How a kernel rounds to this grid: between 0 and 255, or the zero point and 255 with a ReLU.
  func rounding(relu: Bool = false) -> cnn_u8_rounding {
    var rounding = cnn_u8_rounding()
    rounding.zero = Int32(zeroPoint)
    rounding.low = relu ? 0 : -Float(zeroPoint)
    rounding.high = 255 - Float(zeroPoint)
    return rounding
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
  /// Sums that stay floats, not below 0 with a ReLU.
  static func floats(relu: Bool) -> cnn_u8_rounding {
    var rounding = cnn_u8_rounding()
    rounding.low = relu ? 0 : -.infinity
    rounding.high = .infinity
    return rounding
  }
}
