extension ResizeAxis {
  /// Resamples one row.
  ///
  /// - Parameters:
  ///   - source: The row, with at least eight zeros behind it.
  ///   - output: Room for one value for each output position.
  func resample(
    _ source: UnsafeBufferPointer<Float>, into output: UnsafeMutableBufferPointer<Float>
  ) {
    guard let source = source.baseAddress else { return }
    weights.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      for position in starts.indices {
        let first = source + starts[position]
        let taps = weights + position * stride
        output[position] =
          stride == 2
          ? taps[0] * first[0] + taps[1] * first[1]
          : Self.dot(taps, first, count: counts[position])
      }
    }
  }

  // Eight partial sums: a single one would wait for each addition. Reads past `count` up to the next
  // multiple of eight, where weights are zero and sources finite.
  private static func dot(
    _ weights: UnsafePointer<Float>, _ values: UnsafePointer<Float>, count: Int
  ) -> Float {
    var sums = SIMD8<Float>()
    let rawWeights = UnsafeRawPointer(weights)
    let rawValues = UnsafeRawPointer(values)
    var byte = 0
    while byte < count * MemoryLayout<Float>.stride {
      sums +=
        rawWeights.loadUnaligned(fromByteOffset: byte, as: SIMD8<Float>.self)
        * rawValues.loadUnaligned(fromByteOffset: byte, as: SIMD8<Float>.self)
      byte += MemoryLayout<SIMD8<Float>>.size
    }
    return sums.sum()
  }
}
