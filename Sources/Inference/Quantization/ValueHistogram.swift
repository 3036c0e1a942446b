/// How often which values occur, streamed, in memory of one size: 4,096 bins of equal width on each
/// side of 0, and the zeros by themselves.
///
/// The width is the power of two by which the greatest magnitude so far falls into the upper half of
/// the bins. When a greater one comes, neighbours are joined; widths being powers of two, the result is
/// the same in any order of values.
package struct ValueHistogram: Sendable, Equatable {
  /// Bins on each side of 0.
  package static let bins = 4096
  private static let binBits = 12

  /// The binary exponent of the bins' width; nil before the first value that is not 0.
  private var exponent: Int?
  /// Values by magnitude: bin `i` holds `i · width ..< (i + 1) · width`.
  package private(set) var positive = [Int](repeating: 0, count: bins)
  /// Magnitudes of negative values.
  package private(set) var negative = [Int](repeating: 0, count: bins)
  /// How often 0 was seen.
  package private(set) var zeros = 0
  /// All values seen.
  package private(set) var count = 0
  /// The least value seen, at most 0.
  package private(set) var least: Float = 0
  /// The greatest value seen, at least 0.
  package private(set) var greatest: Float = 0

  /// Nothing seen yet.
  package init() {}

  /// The width of a bin.
  package var width: Float {
    exponent.map { Float(sign: .plus, exponent: $0, significand: 1) } ?? 0
  }

  /// Counts values.
  ///
  /// - Parameter values: Any number of them.
  /// - Returns: Whether all were finite; if not, none is counted.
  package mutating func add(_ values: UnsafeBufferPointer<Float>) -> Bool {
    var low: Float = 0, high: Float = 0, sum: Float = 0
    for value in values {
      low = min(low, value)
      high = max(high, value)
      sum += value * 0
    }
    guard sum == 0 else { return false }
    least = min(least, low)
    greatest = max(greatest, high)
    count += values.count
    guard least < 0 || greatest > 0 else {
      zeros += values.count
      return true
    }
    widen(to: max(-least, greatest))
    tally(values)
    return true
  }

  private mutating func widen(to magnitude: Float) {
    let needed = max(Int(magnitude.exponent) + 1 - Self.binBits, -126)
    defer { exponent = max(exponent ?? needed, needed) }
    guard let exponent, needed > exponent else { return }
    let shift = needed - exponent
    positive = Self.joined(positive, shift)
    negative = Self.joined(negative, shift)
  }

  private static func joined(_ counts: [Int], _ shift: Int) -> [Int] {
    var result = [Int](repeating: 0, count: bins)
    for (index, count) in counts.enumerated() { result[index >> min(shift, 62)] += count }
    return result
  }

  private mutating func tally(_ values: UnsafeBufferPointer<Float>) {
    let perWidth = 1 / width
    positive.withUnsafeMutableBufferPointer { positive in
      negative.withUnsafeMutableBufferPointer { negative in
        for value in values {
          if value > 0 {
            positive[Int(value * perWidth)] += 1
          } else if value < 0 {
            negative[Int(-value * perWidth)] += 1
          } else {
            zeros += 1
          }
        }
      }
    }
  }
}
