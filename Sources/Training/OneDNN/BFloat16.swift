/// The upper half of a `Float`: 8 bits of exponent, 7 of fraction.
enum BFloat16 {
  /// Rounds a range of floats to the nearest, ties to even, into as many halves in the same places.
  static func round(
    _ floats: UnsafeMutableBufferPointer<Float>, _ range: Range<Int>,
    into halves: UnsafeMutableBufferPointer<UInt16>
  ) {
    guard let source = floats.baseAddress, let target = halves.baseAddress else { return }
    VectorKernels.round(source + range.lowerBound, Int64(range.count), target + range.lowerBound)
  }
}
