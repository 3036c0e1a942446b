/// The upper half of a `Float`: 8 bits of exponent, 7 of fraction.
enum BFloat16 {
  /// The nearest bfloat16, ties to even; NaN stays NaN.
  @inline(__always)
  static func bits(of value: Float) -> UInt16 {
    let bits = value.bitPattern
    // Adding 0x7FFF and the lowest bit that stays carries into it exactly where it must round up.
    let rounded = (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16
    let quiet = bits >> 16 | 0x40
    let isNaN = bits & 0x7FFF_FFFF > 0x7F80_0000
    return UInt16(truncatingIfNeeded: isNaN ? quiet : rounded)
  }

  /// Rounds a range of floats into as many halves in the same places.
  static func round(
    _ floats: UnsafeMutableBufferPointer<Float>, _ range: Range<Int>,
    into halves: UnsafeMutableBufferPointer<UInt16>
  ) {
    guard let source = floats.baseAddress, let target = halves.baseAddress else { return }
    VectorKernels.round(source + range.lowerBound, Int64(range.count), target + range.lowerBound)
  }

  @inline(__always)
  static func float(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
}
