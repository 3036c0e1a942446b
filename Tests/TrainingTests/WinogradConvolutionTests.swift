import Datasets
import Foundation
import Networks
import Tensors
import Testing
import Training

/// Convolutions that are computed by Winograd's F(4×4, 5×5) and F(6×6, 3×3), against the formula in double
/// precision: logits, the gradients of their own parameters, and that of a layer before them, which
/// the gradient by their input decides.
@Suite(
  "Convolutions by Winograd's large tiles",
  .enabled(if: hasConvolutionTable, "no convolutions were measured on such a processor"))
struct WinogradConvolutionTests {
  struct Shape: CustomTestStringConvertible, Sendable {
    var batch = 2
    var channels = 96
    var outputs = 256
    let height: Int
    let width: Int
    let padding: Int

    var kernel = 5

    var outputHeight: Int { height + 2 * padding - kernel + 1 }
    var outputWidth: Int { width + 2 * padding - kernel + 1 }

    var testDescription: String {
      "\(batch)×\(channels)×\(height)×\(width) to \(outputs) by \(kernel)×\(kernel), padding \(padding)"
    }
  }

  // Of as many channels as the table of kernels wants for it.
  static let shapes = [
    Shape(height: 7, width: 9, padding: 2), Shape(height: 5, width: 5, padding: 0),
    Shape(batch: 3, height: 6, width: 7, padding: 1),
    Shape(batch: 1, height: 4, width: 3, padding: 4),
    Shape(channels: 64, outputs: 192, height: 10, width: 5, padding: 3),
    Shape(batch: 5, outputs: 272, height: 9, width: 6, padding: 2),
    Shape(height: 1, width: 2, padding: 2), Shape(batch: 1, height: 2, width: 3, padding: 5),
    Shape(batch: 8, height: 3, width: 4, padding: 2),
    Shape(channels: 384, outputs: 256, height: 8, width: 5, padding: 1, kernel: 3),
    Shape(batch: 3, channels: 256, outputs: 384, height: 10, width: 4, padding: 0, kernel: 3),
    Shape(batch: 1, channels: 368, outputs: 272, height: 5, width: 7, padding: 3, kernel: 3),
  ]

  @Test("Results and gradients are the formula's", arguments: shapes)
  func formula(_ shape: Shape) throws {
    let run = try Run(shape)
    let reference = Reference(run)
    let algorithm = shape.kernel == 5 ? "winograd:F(4x4,5x5)" : "winograd:F(6x6,3x3)"
    // Without AMX the table takes oneDNN's F(4×4, 3×3), whose errors are smaller.
    if shape.kernel == 5 || hasTableOfAMX {
      #expect(run.labels.count { $0.contains(algorithm) } == 3)
    }
    try expectClose(run.logits, reference.logits, "logits")
    for (key, expected) in reference.gradients {
      try expectClose(#require(run.gradients[key]), expected, key)
    }
    #expect(run.gradients.count == 4)
  }

  /// A rounding error of a transformed value may count for |Aᵀ| |G| |Bᵀ| in each dimension, 17.4 for 5×5
  /// and 22.6 for 3×3, and for |Gᵀ| |A| |Bᵀ| in the weights' gradient, 19.3 and 16.4: at most 302, 509,
  /// 373 and 269 of a mean magnitude. The largest of them bounds the errors in magnitudes' largest sum.
  private func expectClose(_ found: [Float], _ expected: Sums, _ what: String) throws {
    try #require(found.count == expected.values.count)
    let scale = expected.magnitudes.max() ?? 0
    #expect(scale > 0)
    let error = zip(found, expected.values).map { abs(Double($0) - $1) }.max() ?? .infinity
    #expect(error <= 509 * Double(Float.ulpOfOne) * scale, "\(what): \(error) of \(scale)")
  }
}

/// Sums of products, and of their magnitudes.
private struct Sums {
  var values: [Double]
  var magnitudes: [Double]

  init(count: Int) {
    values = Array(repeating: 0, count: count)
    magnitudes = values
  }

  mutating func add(_ a: Double, _ b: Double, at index: Int) {
    values[index] += a * b
    magnitudes[index] += abs(a * b)
  }
}

/// One step of a 1×1 convolution and one under test whose results are the logits.
private struct Run {
  let shape: WinogradConvolutionTests.Shape
  let weights: Weights
  let images: [Float]
  let classes: [Int32]
  let logits: [Float]
  let gradients: [String: [Float]]
  let labels: [String]

  init(_ shape: WinogradConvolutionTests.Shape) throws {
    self.shape = shape
    let builder = NetworkBuilder("winograd", channels: 2, height: shape.height, width: shape.width)
    let result = builder.input.convolution("first", shape.channels, kernel: 1)
      .convolution(
        "x", shape.outputs, kernel: Extent(shape.kernel),
        padding: Extent(height: shape.padding, width: shape.padding)
      ).flatten()
    let network = try builder.network(output: result)
    weights = network.initialWeights(seed: 3)
    var random = CounterRandom(seed: 4, stream: 9)
    let pixels = (0..<shape.batch * network.input.elementCount).map { _ in
      Float(random.nextNormal())
    }
    // In the middle of a map: what a window of padding alone gives is nothing to compare errors with.
    let middle = shape.outputHeight / 2 * shape.outputWidth + shape.outputWidth / 2
    let targets = (0..<shape.batch).map { image in
      Int32(image % shape.outputs * shape.outputHeight * shape.outputWidth + middle)
    }
    (images, classes) = (pixels, targets)
    var recipe = Recipe()
    recipe.batchSize = shape.batch
    let trainer = try Trainer(network: network, weights: weights, recipe: recipe, threads: 2)
    var scores: [Float] = []
    try pixels.withUnsafeBufferPointer { pixels in
      try targets.withUnsafeBufferPointer { targets in
        _ = try trainer.evaluate(images: pixels, labels: targets) { scores = Array($0) }
        _ = try trainer.differentiate(images: pixels, labels: targets)
      }
    }
    logits = scores
    gradients = Dictionary(
      uniqueKeysWithValues: try trainer.gradients().map { ($0.key.key, $0.value.floats) })
    labels = try trainer.profile().map(\.label)
  }
}

/// The same by the formula.
private struct Reference {
  private(set) var logits: Sums
  private(set) var gradients: [String: Sums] = [:]
  private let run: Run
  private let hidden: [Double]

  init(_ run: Run) {
    self.run = run
    let shape = run.shape
    let pixels = shape.height * shape.width
    let first = run.weights["first", .weight]?.floats ?? []
    let bias = run.weights["first", .bias]?.floats ?? []
    var hidden = [Double](repeating: 0, count: shape.batch * shape.channels * pixels)
    for index in hidden.indices {
      let (image, channel) = (index / pixels / shape.channels, index / pixels % shape.channels)
      hidden[index] = Double(bias[channel])
      for input in 0..<2 {
        hidden[index] +=
          Double(first[channel * 2 + input])
          * Double(run.images[(image * 2 + input) * pixels + index % pixels])
      }
    }
    self.hidden = hidden
    logits = Sums(count: shape.batch * shape.outputs * shape.outputHeight * shape.outputWidth)
    let weight = run.weights["x", .weight]?.floats.map(Double.init) ?? []
    let outputBias = run.weights["x", .bias]?.floats ?? []
    let perOutput = shape.outputHeight * shape.outputWidth
    for index in logits.values.indices {
      logits.add(Double(outputBias[index / perOutput % shape.outputs]), 1, at: index)
    }
    forEachTap { output, tap, source in
      logits.add(weight[tap], hidden[source], at: output)
    }
    differentiate(weight)
  }

  private mutating func differentiate(_ weight: [Double]) {
    let shape = run.shape
    let slope = slopes()
    var (own, bias) = (Sums(count: weight.count), Sums(count: shape.outputs))
    var source = Sums(count: hidden.count)
    forEachTap { output, tap, input in
      own.add(slope[output], hidden[input], at: tap)
      source.add(slope[output], weight[tap], at: input)
    }
    let perOutput = shape.outputHeight * shape.outputWidth
    for index in slope.indices {
      bias.add(slope[index], 1, at: index / perOutput % shape.outputs)
    }
    let pixels = shape.height * shape.width
    var (first, firstBias) = (Sums(count: shape.channels * 2), Sums(count: shape.channels))
    for (index, value) in source.values.enumerated() {
      let (image, channel) = (index / pixels / shape.channels, index / pixels % shape.channels)
      firstBias.values[channel] += value
      firstBias.magnitudes[channel] += source.magnitudes[index]
      for input in 0..<2 {
        let pixel = Double(run.images[(image * 2 + input) * pixels + index % pixels])
        let place = channel * 2 + input
        first.values[place] += value * pixel
        first.magnitudes[place] += source.magnitudes[index] * abs(pixel)
      }
    }
    gradients = [
      "x.weight": own, "x.bias": bias, "first.weight": first, "first.bias": firstBias,
    ]
  }

  /// The mean cross-entropy's gradient by the logits.
  private func slopes() -> [Double] {
    let count = logits.values.count / run.shape.batch
    return run.classes.enumerated().flatMap { row, label in
      let scores = logits.values[row * count..<(row + 1) * count]
      let peak = scores.max() ?? 0
      let powers = scores.map { exp($0 - peak) }
      let total = powers.reduce(0, +)
      return powers.enumerated().map { index, power in
        (power / total - (index == Int(label) ? 1 : 0)) / Double(run.shape.batch)
      }
    }
  }

  private func forEachTap(_ body: (_ output: Int, _ tap: Int, _ source: Int) -> Void) {
    let shape = run.shape
    let taps = shape.kernel * shape.kernel
    var output = 0
    for image in 0..<shape.batch {
      for filter in 0..<shape.outputs {
        for row in 0..<shape.outputHeight {
          for column in 0..<shape.outputWidth {
            for place in 0..<shape.channels * taps {
              let (channel, tap) = place.quotientAndRemainder(dividingBy: taps)
              let y = row + tap / shape.kernel - shape.padding
              let x = column + tap % shape.kernel - shape.padding
              guard y >= 0, y < shape.height, x >= 0, x < shape.width else { continue }
              let plane = image * shape.channels + channel
              body(
                output, filter * shape.channels * taps + place,
                (plane * shape.height + y) * shape.width + x)
            }
            output += 1
          }
        }
      }
    }
  }
}
