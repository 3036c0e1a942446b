import CKernels

/// What tests of int8 kernels share: the rounding of `quantized.h` in plain Swift, and bytes.
protocol RoundingToBytes {}

extension RoundingToBytes {
  /// `round_half_to_even(clamp(value)) + zero`, as `quantized.h` has it.
  func rounded(_ value: Float, _ rounding: cnn_u8_rounding) -> UInt8 {
    UInt8(limited(value, rounding).rounded(.toNearestOrEven) + Float(rounding.zero))
  }

  func limited(_ value: Float, _ rounding: cnn_u8_rounding) -> Float {
    min(max(value, rounding.low), rounding.high)
  }

  /// To a grid whose zero point is 3.
  func rounding() -> cnn_u8_rounding {
    var rounding = cnn_u8_rounding()
    (rounding.low, rounding.high, rounding.zero) = (-3, 252, 3)
    return rounding
  }

  func bytes<T: FixedWidthInteger>(
    _ count: Int, _ range: ClosedRange<T>, _ random: inout SeededGenerator
  ) -> [T] {
    (0..<count).map { _ in T.random(in: range, using: &random) }
  }
}
