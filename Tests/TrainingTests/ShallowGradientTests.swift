import CKernels
import Datasets
import Networks
import TestSupport
import Testing
import Training

/// The kernel against the formula, in whole numbers that both types and all sums have.
@Suite(
  "Gradient by filters over few channels",
  .enabled(if: hasWideVectors, "the processor has no AVX-512"))
struct ShallowGradientTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var channels = 1
    let size: (height: Int, width: Int)
    var stride = 1
    var padding = (y: 1, x: 1)
    /// Elements from one pixel to the next.
    var step = 16

    var output: (height: Int, width: Int) {
      (
        (size.height + 2 * padding.y - 3) / stride + 1,
        (size.width + 2 * padding.x - 3) / stride + 1
      )
    }

    var testDescription: String {
      "\(channels)×\(size.height)×\(size.width), stride \(stride), padding \(padding), \(step) apart"
    }
  }

  static let shapes = [
    Shape(size: (1, 1)), Shape(size: (3, 3), padding: (0, 0)), Shape(channels: 3, size: (8, 9)),
    Shape(channels: 3, size: (7, 12), stride: 2, padding: (0, 2), step: 48),
    Shape(size: (5, 2), step: 32), Shape(size: (2, 11), stride: 3, padding: (2, 0)),
    Shape(channels: 3, size: (4, 1), padding: (3, 3)), Shape(size: (12, 13), stride: 4),
    Shape(size: (9, 3), padding: (0, 0)),
  ]

  @Test("Sums are the formula's, in both types", arguments: shapes, [false, true])
  func formula(_ shape: Shape, isBFloat16: Bool) {
    var random = CounterRandom(seed: 8, stream: 5)
    func numbers(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(random.nextInt(below: 17)) - 8 }
    }
    let image = numbers(shape.channels * shape.size.height * shape.size.width)
    let slopes = numbers((shape.output.height * shape.output.width - 1) * shape.step + 16)
    for side in GuardSide.allCases {
      let sums = run(shape, image, slopes, isBFloat16: isBFloat16, side)
      #expect(sums == reference(shape, image, slopes))
    }
  }

  @Test(
    "A first layer of 3×3 filters takes it in bfloat16",
    .enabled(if: hasTableOfAMX, "only the table of AMX has it"),
    arguments: [1, 3])
  func firstLayer(channels: Int) throws {
    let builder = NetworkBuilder("few", channels: channels, height: 8, width: 6)
    let maxima = builder.input.convolution("x", 32, kernel: 3, padding: 1).relu().maxPool(2)
    let network = try builder.network(output: maxima.flatten().linear("y", 5))
    var recipe = Recipe()
    recipe.batchSize = 2
    recipe.precision = .bf16
    let trainer = try Trainer(
      network: network, weights: network.initialWeights(seed: 1), recipe: recipe, threads: 1)
    #expect(try trainer.profile().contains { $0.label == "backward weights shallow" })
  }

  private func run(
    _ shape: Shape, _ image: [Float], _ slopes: [Float], isBFloat16: Bool, _ side: GuardSide
  ) -> [Float] {
    let (image, floats) = (Guarded(image, side), Guarded(slopes, side))
    let halves = Guarded(slopes.map { UInt16($0.bitPattern >> 16) }, side)
    // What is not written stays NaN.
    let sums = Guarded([Float](repeating: .nan, count: (shape.channels * 9 + 1) * 16), side)
    var task = cnn_f32_shallow_gradient()
    task.image = UnsafePointer(image.address)
    task.channels = Int64(shape.channels)
    (task.height, task.width) = (Int64(shape.size.height), Int64(shape.size.width))
    task.stride = Int64(shape.stride)
    (task.padding_y, task.padding_x) = (Int64(shape.padding.y), Int64(shape.padding.x))
    task.slopes = isBFloat16 ? UnsafeRawPointer(halves.address) : UnsafeRawPointer(floats.address)
    task.is_bfloat16 = isBFloat16
    task.pixel_stride = Int64(shape.step)
    task.output_height = Int64(shape.output.height)
    task.output_width = Int64(shape.output.width)
    task.sums = sums.address
    return withExtendedLifetime((image, floats, halves)) {
      cnn_f32_shallow_gradient_16_wide(&task)
      return sums.values
    }
  }

  private func reference(_ shape: Shape, _ image: [Float], _ slopes: [Float]) -> [Float] {
    var sums = [Float](repeating: 0, count: (shape.channels * 9 + 1) * 16)
    for pixel in 0..<shape.output.height * shape.output.width {
      let (row, column) = pixel.quotientAndRemainder(dividingBy: shape.output.width)
      for output in 0..<16 {
        let slope = slopes[pixel * shape.step + output]
        sums[shape.channels * 9 * 16 + output] += slope
        for tap in 0..<shape.channels * 9 {
          let y = row * shape.stride - shape.padding.y + tap % 9 / 3
          let x = column * shape.stride - shape.padding.x + tap % 3
          guard (0..<shape.size.height).contains(y), (0..<shape.size.width).contains(x) else {
            continue
          }
          let plane = (tap / 9) * shape.size.height
          sums[tap * 16 + output] += slope * image[(plane + y) * shape.size.width + x]
        }
      }
    }
    return sums
  }
}
