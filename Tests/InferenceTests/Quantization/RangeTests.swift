import Checkpoints
import Foundation
import Inference
import Testing

@Suite("Ranges of calibrated values")
struct RangeTests {
  private func histogram(_ values: [Float]) -> ValueHistogram {
    var histogram = ValueHistogram()
    let isFinite = values.withUnsafeBufferPointer { histogram.add($0) }
    #expect(isFinite)
    return histogram
  }

  /// About normal, by the sum of twelve uniform numbers, with some far out.
  private func bell(_ count: Int, seed: UInt64) -> [Float] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      let sum = (0..<12).reduce(Float(0)) { total, _ in
        total + .random(in: -0.5...0.5, using: &random)
      }
      return index % 1000 == 0 ? 6 * sum : sum
    }
  }

  /// `Σ (x − x̂)²`, as numpy would have it, on the values themselves.
  private func error(_ values: [Float], _ range: ClosedRange<Float>) -> Double {
    let step = (Double(range.upperBound) - Double(range.lowerBound)) / 255
    let zero = (-Double(range.lowerBound) / step).rounded(.toNearestOrEven)
    return values.reduce(0) { sum, value in
      let integer = min(max((Double(value) / step).rounded(.toNearestOrEven) + zero, 0), 255)
      let difference = Double(value) - step * (integer - zero)
      return sum + difference * difference
    }
  }

  @Test(
    "A histogram counts each value once, in bins of one width, in any order", arguments: [1, 2])
  func counts(seed: UInt64) {
    let values = bell(5000, seed: seed) + [0, -0.0, 1e-30, -1e-30]
    let whole = histogram(values)
    var parts = ValueHistogram()
    for chunk in stride(from: 0, to: values.count, by: 37).reversed() {
      let part = Array(values[chunk..<min(chunk + 37, values.count)])
      _ = part.withUnsafeBufferPointer { parts.add($0) }
    }
    #expect(parts == whole)
    #expect(whole.count == values.count && whole.zeros == 2)
    #expect(whole.least == values.min() && whole.greatest == values.max())
    #expect(whole.positive.reduce(0, +) == values.count { $0 > 0 })
    for bin in 0..<ValueHistogram.bins {
      let low = whole.width * Float(bin), high = whole.width * Float(bin + 1)
      #expect(whole.positive[bin] == values.count { $0 > 0 && $0 >= low && $0 < high })
      #expect(whole.negative[bin] == values.count { $0 < 0 && -$0 >= low && -$0 < high })
    }
  }

  @Test("Extreme values are counted, those that are not finite are refused whole")
  func extremes() {
    for value in [
      Float.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
      .leastNormalMagnitude, 1, 0.5, 4096, 4095.9998,
    ] {
      let histogram = histogram([value, 0])
      let bins = histogram.positive.reduce(0, +) + histogram.negative.reduce(0, +)
      #expect(bins == 1 && histogram.zeros == 1)
    }
    for value in [Float.nan, .infinity, -.infinity] {
      var histogram = ValueHistogram()
      let isFinite = [1, value].withUnsafeBufferPointer { histogram.add($0) }
      #expect(!isFinite)
      #expect(histogram == ValueHistogram())
    }
  }

  @Test("Nothing but zeros, or no value at all, has a grid of steps of 1")
  func zeros() {
    for histogram in [ValueHistogram(), histogram([0, 0, 0])] {
      for method in CalibrationMethod.allCases {
        let grid = Quantization.Activation.spanning(histogram.range(method))
        #expect(grid == .init(scale: 1, zeroPoint: 0), "\(method)")
      }
    }
  }

  @Test(
    "Every method's range spans 0 and lies within the values", arguments: CalibrationMethod.allCases
  )
  func withinValues(method: CalibrationMethod) {
    let bell = bell(20_000, seed: 3)
    for values in [bell, bell.map { max($0, 0) }, bell.map { min($0, 0) }, bell.map { $0 + 40 }] {
      let range = histogram(values).range(method)
      #expect(range.lowerBound <= 0 && range.upperBound >= 0)
      #expect(range.lowerBound >= min(values.min() ?? 0, 0))
      #expect(range.upperBound <= max(values.max() ?? 0, 0))
      if values.allSatisfy({ $0 >= 0 }) {
        #expect(Quantization.Activation.spanning(range).zeroPoint == 0)
      }
    }
  }

  @Test("A percentile leaves its share out on each side")
  func percentile() {
    let values = bell(100_000, seed: 4).sorted()
    let histogram = histogram(values)
    for share in [0.9, 0.99, 0.9999] {
      let range = histogram.percentileRange(share)
      let above = Int((Double(values.count) * (1 - share)).rounded())
      // A bin's width is what the histogram cannot tell.
      #expect(abs(range.upperBound - values[values.count - above]) <= 2 * histogram.width)
      #expect(abs(range.lowerBound - values[above - 1]) <= 2 * histogram.width)
    }
  }

  @Test("No range of the search's steps has a smaller squared error", arguments: [5, 6])
  func leastSquares(seed: UInt64) throws {
    let values = bell(4000, seed: seed).map { max($0, 0) }
    let greatest = try #require(values.max())
    let range = histogram(values).leastSquaresRange()
    let found = error(values, range)
    let best = (1...128).map { error(values, 0...greatest * Float($0) / 128) }.min() ?? 0
    #expect(found <= best * 1.01)
    #expect(found <= error(values, 0...greatest))
    let twoSided = bell(4000, seed: seed)
    let ends = histogram(twoSided)
    #expect(error(twoSided, ends.leastSquaresRange()) < error(twoSided, ends.range(.minmax)))
  }

  @Test("The divergence is the formula's")
  func divergence() {
    // p = 8 bins with 5 of beyond in the last; q = pairs of bins, each mean over its occupied ones.
    let counts: [Double] = [4, 2, 0, 6, 3, 1, 7, 7, 5]
    let p = [4, 2, 0, 6, 3, 1, 7, 12].map { $0 / 35.0 }
    let q = [3, 3, 0, 6, 2, 2, 7, 7].map { $0 / 30.0 }
    let expected = zip(p, q).reduce(0.0) { $1.0 > 0 ? $0 + $1.0 * log($1.0 / $1.1) : $0 }
    let found = ValueHistogram.divergence(of: counts, clippedAt: 8, levels: 4)
    #expect(abs(found - expected) < 1e-12)
    #expect(ValueHistogram.divergence(of: [1, 2, 3, 4], clippedAt: 4, levels: 4) == 0)
  }

  @Test("Entropy clips a far outlier, and keeps what is evenly spread")
  func entropy() {
    let bell = bell(50_000, seed: 7).map { abs($0) } + [60]
    #expect(histogram(bell).entropyRange().upperBound < 20)
    var random = SeededGenerator(seed: 8)
    let even = random.floats(50_000, 0...1)
    #expect(histogram(even).entropyRange().upperBound > 0.97)
  }
}
