import Checkpoints
import Inference
import Tensors
import Testing

@Suite("Int8 grids")
struct GridTests {
  @Test(
    "A grid holds 0 exactly and its range to half a step",
    arguments: [0...1, -1...1, -3...0.01, -0.001...7, 0...1e-30, -1e38...3e38, -5...0]
      as [ClosedRange<Float>])
  func spanning(range: ClosedRange<Float>) {
    let grid = Quantization.Activation.spanning(range)
    #expect(grid.rounded(0) == 0)
    #expect(grid.scale.isFinite && grid.scale > 0)
    for step in 0...64 {
      let part = Float(step) / 64
      let value = range.lowerBound * (1 - part) + range.upperBound * part
      // Half a step of rounding, and another for the moved zero.
      #expect(abs(grid.rounded(value) - value) <= 1.001 * grid.scale, "\(value)")
    }
    #expect(grid.rounded(.infinity) == Float(255 - grid.zeroPoint) * grid.scale)
    #expect(grid.rounded(-.infinity) == -Float(grid.zeroPoint) * grid.scale)
  }

  @Test("A clamp's bounds on the grid give what clamping before rounding gives")
  func clamps() {
    for grid in [(0.1, 0), (0.1, 100), (0.0234, 3), (0.01, 255)].map({
      Quantization.Activation(scale: $0.0, zeroPoint: $0.1)
    }) {
      for clamp in OutputClamp.cases {
        let rounding = grid.rounding(clamp)
        for step in -1000...1000 {
          let value = Float(step) / 100
          let units = min(max(value / grid.scale, rounding.low), rounding.high)
          let found = units.rounded(.toNearestOrEven) * grid.scale
          #expect(found == grid.rounded(clamp(value)), "\(value) on \(grid)")
        }
      }
    }
  }

  @Test("Weights are off by at most half a step, a channel's greatest becomes 127")
  func weights() {
    var random = SeededGenerator(seed: 1)
    let shape = [7, 3, 3, 3], length = 27
    let values = (0..<7).flatMap { channel in
      random.floats(length, -Float(channel)...Float(channel))
    }
    let (weight, scale) = Tensor(shape: shape, values).quantized(
      bias: nil, input: .init(scale: 0.1, zeroPoint: 3))
    #expect(weight.shape == shape && scale.shape == [7])
    let integers = weight.withInt8 { Array($0) }
    for (index, value) in values.enumerated() {
      let step = scale.floats[index / length]
      #expect(abs(Float(integers[index]) * step - value) <= 0.5001 * step)
    }
    for channel in 1..<7 {
      let slice = integers[channel * length..<(channel + 1) * length]
      #expect(slice.map { abs(Int($0)) }.max() == 127)
    }
    // The channel of zeros.
    #expect(integers[..<length].allSatisfy { $0 == 0 } && scale.floats[0] > 0)
  }

  @Test("Scales are so wide that no sum leaves 32 bits")
  func sums() {
    let grid = Quantization.Activation(scale: 1e-6, zeroPoint: 255)
    let count = 40_000
    let values = [Float](repeating: 1, count: count) + [Float](repeating: 1e-3, count: count)
    for bias in [[0, 0], [3, -2e6], [1e30, -1e-30]] as [[Float]] {
      let (weight, scale) = Tensor(shape: [2, count], values).quantized(bias: bias, input: grid)
      for channel in 0..<2 {
        let sum = weight.withInt8 { integers in
          integers[channel * count..<(channel + 1) * count].reduce(0.0) { $0 + abs(Double($1)) }
        }
        let step = Double(scale.floats[channel]) * Double(grid.scale)
        let most = 510 * sum + abs(Double(bias[channel])) / step
        #expect(most < Double(Int32.max), "bias \(bias[channel])")
      }
    }
  }
}
