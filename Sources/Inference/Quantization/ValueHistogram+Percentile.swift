extension ValueHistogram {
  /// The range that leaves the same share of all values out at each end.
  ///
  /// - Parameter share: What lies below the upper end, and above the lower one: 0.9999.
  /// - Returns: The range, interpolated within a bin.
  package func percentileRange(_ share: Double) -> ClosedRange<Float> {
    let outside = (1 - share) * Double(count)
    let upper = min(magnitude(leaving: outside, of: positive), greatest)
    let lower = min(magnitude(leaving: outside, of: negative), -least)
    return -lower...upper
  }

  /// The magnitude that so many of one side's values exceed; 0 where the side has less.
  private func magnitude(leaving outside: Double, of side: [Int]) -> Float {
    var above = 0.0
    for (bin, count) in side.enumerated().reversed() where count > 0 {
      let rest = outside - above
      if rest <= Double(count) {
        return width * Float(Double(bin + 1) - max(rest, 0) / Double(count))
      }
      above += Double(count)
    }
    return 0
  }
}
