import Tensors
import TestSupport
import Testing

@Suite("Numbers about tensors")
struct TensorMeasureTests {
  @Test("Statistics leave out what is not finite, and count it")
  func statistics() {
    let tensor = Tensor(shape: [7], [1, .nan, 3, 0, -.infinity, -0.0, 4] as [Float])
    let found = TensorStatistics(tensor)
    #expect(found.count == 7 && found.nans == 1 && found.infinities == 1 && found.zeros == 2)
    #expect(found.min == 0 && found.max == 4)
    #expect(found.mean == 8.0 / 5)
    #expect(abs(found.std - (26.0 / 5 - 2.56).squareRoot()) < 1e-12)
    let nothing = TensorStatistics(Tensor(shape: [1], [.nan] as [Float]))
    #expect(nothing.min == 0 && nothing.max == 0 && nothing.mean == 0 && nothing.std == 0)
    #expect(TensorStatistics(Tensor(shape: [3], [-128, 0, 127] as [Int8])).min == -128)
  }

  @Test("A large mean costs the deviation no digits")
  func largeMean() {
    var random = SeededGenerator(seed: 1)
    let noise = random.floats(10_000, -0.5...0.5)
    let shifted = TensorStatistics(Tensor(shape: [10_000], noise.map { $0 + 4096 }))
    // Uniform in ±½: √(1/12); adding 4096 rounds each value by at most 2⁻¹².
    #expect(abs(shifted.std - (1.0 / 12).squareRoot()) < 0.01)
    #expect(abs(shifted.std - TensorStatistics(Tensor(shape: [10_000], noise)).std) < 0x1p-11)
  }

  @Test("Differences are measured against the first tensor, bits and not values decide equality")
  func difference() throws {
    let a = Tensor(shape: [4], [1, -4, 0, 2] as [Float])
    let b = Tensor(shape: [4], [1, -3, -0.0, 2] as [Float])
    let found = try #require(TensorDifference(a, b))
    #expect(found.count == 4 && found.differing == 2)
    #expect(found.greatest == 1 && found.relative == 0.25)
    #expect(TensorDifference(a, a)?.differing == 0)
    #expect(TensorDifference(a, Tensor(shape: [2, 2], [1, 2, 3, 4] as [Float])) == nil)
    #expect(TensorDifference(a, Tensor(shape: [4], [1, 2, 3, 4] as [Int8])) == nil)
  }
}
