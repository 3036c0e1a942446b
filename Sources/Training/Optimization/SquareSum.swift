/// A sum of squares whose bits do not depend on the number of threads.
enum SquareSum {
  private static let chunk = 8192

  /// Sums chunks of a fixed length in double precision, then the chunks' sums in order.
  static func of(_ values: UnsafeMutableBufferPointer<Float>) -> Double {
    let chunks = (values.count + chunk - 1) / chunk
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: chunks) { sums in
      parallelFor(chunks, grain: 16) { range in
        for index in range {
          let end = min((index + 1) * chunk, values.count)
          sums.initializeElement(at: index, to: sum(values, index * chunk..<end))
        }
      }
      return sums.reduce(0, +)
    }
  }

  private static func sum(
    _ values: UnsafeMutableBufferPointer<Float>, _ range: Range<Int>
  ) -> Double {
    var lanes = SIMD8<Double>()
    var index = range.lowerBound
    while index + 8 <= range.upperBound {
      var part = SIMD8<Double>()
      for lane in 0..<8 { part[lane] = Double(values[index + lane]) }
      lanes += part * part
      index += 8
    }
    var total = lanes.sum()
    for rest in index..<range.upperBound { total += Double(values[rest]) * Double(values[rest]) }
    return total
  }
}
