#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ValueHistogram {
  /// The range at whose magnitude the values are clipped so that what 8 bits leave of their
  /// distribution diverges least from it (Migacz 2017, the slides' pseudocode).
  ///
  /// Zeros take no part: they are on every grid, and behind a ReLU they would outweigh all else. Of
  /// values on both sides of 0 the magnitudes are judged, by half of the levels.
  ///
  /// - Returns: The range.
  package func entropyRange() -> ClosedRange<Float> {
    let isTwoSided = least < 0 && greatest > 0
    let levels = isTwoSided ? 128 : 256
    let counts = zip(positive, negative).map { Double($0 + $1) }
    let used = (counts.lastIndex { $0 > 0 } ?? 0) + 1
    var best = (bins: used, divergence: Double.infinity)
    let step = max(1, used / 512)
    for bins in stride(from: used, through: levels, by: -step) {
      let divergence = Self.divergence(of: counts, clippedAt: bins, levels: levels)
      if divergence < best.divergence { best = (bins, divergence) }
    }
    guard best.bins < used else { return least...greatest }
    let limit = width * Float(best.bins)
    return max(least, -limit)...min(greatest, limit)
  }

  /// `Σ p ln(p / q)`: p the first bins with what lies beyond added to the last, q the same bins without
  /// it, joined to levels and spread again over the bins that are not empty.
  ///
  /// - Parameters:
  ///   - counts: The values in each bin.
  ///   - bins: The bins that are kept.
  ///   - levels: What they are joined to.
  /// - Returns: The divergence, of distributions that are normalised.
  package static func divergence(of counts: [Double], clippedAt bins: Int, levels: Int) -> Double {
    let kept = counts[..<bins].reduce(0, +)
    let outside = counts[bins...].reduce(0, +)
    guard kept > 0 else { return .infinity }
    // A level of which q knows nothing costs as much as one value in a hundred thousand would say.
    let least = 1e-5 / Double(bins)
    var divergence = 0.0
    for level in 0..<levels {
      let range = level * bins / levels..<(level + 1) * bins / levels
      let occupied = range.reduce(0) { $0 + (counts[$1] > 0 ? 1 : 0) }
      let mean = occupied > 0 ? counts[range].reduce(0, +) / Double(occupied) : 0
      for bin in range {
        let p = (counts[bin] + (bin == bins - 1 ? outside : 0)) / (kept + outside)
        let q = counts[bin] > 0 ? mean / kept : least
        if p > 0 { divergence += p * log(p / q) }
      }
    }
    return divergence
  }
}
