import Foundation
import Images
import Networks
import Testing

@Suite("Preprocessing against torchvision") struct ResizeTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    struct Source: Decodable {
      let width, height, samplesPerPixel, bits: Int
    }
    let image: Source
    let channels, height, width, step: Int
    let resizeShorterSide: Int?
    let mean, std, background: [Float]?
    let invert: Bool
    let values: [Double]

    var testDescription: String {
      "\(image.width)×\(image.height)×\(image.samplesPerPixel), \(image.bits) bits, to "
        + "\(channels)×\(height)×\(width)"
        + (resizeShorterSide.map { ", cropped of \($0)" } ?? "") + (invert ? ", inverted" : "")
    }

    var preprocessing: Preprocessing {
      Preprocessing(
        channels: channels, height: height, width: width, mean: mean, std: std,
        background: background, resize: resizeShorterSide == nil ? .stretch : .centerCrop,
        resizeShorterSide: resizeShorterSide, invert: invert)
    }

    /// Our rounding alone, for the golden values are computed in double precision: half a unit of
    /// 2⁻²⁴ relative to at most 1 for each weight, product and sum of both axes, a few for the scale,
    /// colour and alpha; then the deviation enlarges it. An axis that shrinks by `s` has 2s taps.
    var tolerance: Double {
      let taps = [(image.width, resizedWidth), (image.height, resizedHeight)].map {
        2 * max(Double($0.0) / Double($0.1), 1) + 1
      }
      let deviation = Double(std?.min() ?? 1)
      return (3 * taps[0] + 3 * taps[1] + 12) * 0x1p-24 / deviation
    }

    private var resizedWidth: Int { resizeShorterSide ?? width }
    private var resizedHeight: Int { resizeShorterSide ?? height }

    static let all: [Golden] = {
      struct File: Decodable { let cases: [Golden] }
      return (try? Fixtures.decoded(File.self, "resize.json").cases) ?? []
    }()
  }

  @Test("There are golden values")
  func complete() { #expect(Golden.all.count == 27) }

  @Test("Every way to prepare an image agrees with torchvision", arguments: Golden.all)
  func golden(golden: Golden) throws {
    let tensor = try golden.preprocessing.tensor(of: noise(golden.image))
    let kept = stride(from: 0, to: tensor.count, by: golden.step).map { Double(tensor[$0]) }
    try #require(kept.count == golden.values.count)
    let worst = zip(kept, golden.values).map { abs($0 - $1) }.max() ?? .infinity
    #expect(worst <= golden.tolerance, "worst \(worst), tolerance \(golden.tolerance)")
  }

  @Test("A plan that has seen other images prepares as a fresh one does")
  func reuse() throws {
    for first in Golden.all {
      let plan = try PreprocessingPlan(first.preprocessing)
      var output = [Float](repeating: .nan, count: first.preprocessing.shape.elementCount)
      for other in Golden.all.prefix(12) {
        let image = noise(other.image)
        output.withUnsafeMutableBufferPointer { plan.apply(to: image, into: $0) }
        #expect(try output == first.preprocessing.tensor(of: image))
      }
    }
  }

  // The noise of Fixtures/make_golden.py.
  private func noise(_ source: Golden.Source) -> Image {
    var values: [UInt64] = []
    for y in 0..<source.height {
      for x in 0..<source.width {
        for c in 0..<source.samplesPerPixel {
          var mixed = UInt64(x * 73_856_093 ^ y * 19_349_663 ^ c * 83_492_791) & 0xFFFF_FFFF
          mixed ^= mixed >> 13
          values.append((mixed * 2_654_435_761 & 0xFFFF_FFFF) >> UInt64(32 - source.bits))
        }
      }
    }
    return Image(
      width: source.width, height: source.height,
      color: source.samplesPerPixel < 3 ? .gray : .rgb,
      hasAlpha: source.samplesPerPixel % 2 == 0,
      samples: source.bits == 16
        ? .words(values.map { UInt16($0) }) : .bytes(values.map { UInt8($0) }))
  }
}
