import CKernels

/// What tests of int8 kernels share: the rounding of `int8.h` in plain Swift, and bytes.
protocol RoundingToBytes {}

extension RoundingToBytes {
  /// `round_half_to_even(clamp(value)) + zero`, as `int8.h` has it.
  func rounded(_ value: Float, _ rounding: cnn_u8_rounding) -> UInt8 {
    UInt8(limited(value, rounding).rounded(.toNearestOrEven) + Float(rounding.zero))
  }

  func limited(_ value: Float, _ rounding: cnn_u8_rounding) -> Float {
    min(max(value, rounding.low), rounding.high)
  }

  /// To all numbers of a grid whose zero point is 3, and to those between two bounds.
  var roundings: [cnn_u8_rounding] {
    [(-3, 252), (0, 100), (-2, 37)].map { low, high in
      cnn_u8_rounding(scale: nil, low: low, high: high, zero: 3)
    }
  }

  func bytes<T: FixedWidthInteger>(
    _ count: Int, _ range: ClosedRange<T>, _ random: inout SeededGenerator
  ) -> [T] {
    (0..<count).map { _ in T.random(in: range, using: &random) }
  }
}
