import Inference
import Networks
import ReferenceOperations
import Tensors
import TestSupport
import Testing

/// One test for each operation on each ISA: a plan of the operation alone, between guard pages,
/// against the reference.
@Suite("Every operation on every ISA against the reference")
struct OperationTests {
  /// Compares with an error of at most `terms` roundoffs of what the formula gives for magnitudes.
  private func check(
    _ network: Network, _ isa: ISA, terms: Int, linearInMagnitude: Bool = true,
    images: Int = 2, _ note: String
  ) throws {
    let weights = Weights.random(of: network, seed: 3)
    var random = SeededGenerator(seed: 4)
    let size = network.input.elementCount, classes = network.classCount
    let input = random.floats(size * images, -2...2)
    let plan = try Plan(network: network, weights: weights, isa: isa)
    for side in GuardedFloats.Side.allCases {
      let from = GuardedFloats(input, side), to = GuardedFloats(zeros: classes * images, side)
      let context = try ExecutionContext(plan: plan, maximumBatch: images, threads: 2)
      try context.run(
        input: UnsafeBufferPointer(start: from.address, count: from.count), count: images,
        into: UnsafeMutableBufferPointer(start: to.address, count: to.count))
      let found = to.values
      for image in 0..<images {
        let one = Array(input[image * size..<(image + 1) * size])
        let expected = Reference.logits(network, weights, input: one)
        let scale =
          linearInMagnitude
          ? Reference.logits(network, weights.magnitudes, input: one.map(abs))
          : expected.map { max(abs($0), 1) }
        var worst = 0.0
        for score in 0..<classes {
          let bound = scale[score] * Double(terms + 4) * 0x1p-24 + 1e-30
          let error = abs(expected[score] - Double(found[image * classes + score]))
          worst = max(worst, error / bound)
        }
        #expect(worst <= 1, "\(note) on \(isa), \(side): \(worst) of the bound")
      }
    }
  }

  @Test("Convolution", arguments: ISA.available)
  func convolution(isa: ISA) throws {
    for shape in ConvolutionShape.table {
      for bias in [true, false] {
        let network = try shape.network(bias: bias)
        let depth = shape.channels / shape.groups * shape.kernel.0 * shape.kernel.1
        try check(network, isa, terms: depth, "\(shape)")
      }
    }
  }

  @Test("Linear", arguments: ISA.available)
  func linear(isa: ISA) throws {
    for (inputs, outputs) in [(1, 1), (7, 3), (16, 17), (129, 33), (1000, 10)] {
      for images in [1, 2, 7] {
        let network = try single(
          TensorShape(features: inputs), .linear(.init(outputFeatures: outputs)))
        try check(network, isa, terms: inputs, images: images, "\(inputs) → \(outputs)")
      }
    }
  }

  @Test("Pooling with padding, ceiling and both divisors", arguments: ISA.available)
  func pooling(isa: ISA) throws {
    let extents: [(Extent, Extent, Extent)] = [
      (1, 1, 0), (2, 2, 0), (3, 2, 1), (3, 2, 0), (3, 1, 1), (5, 3, 2), (4, 4, 2),
      (Extent(height: 3, width: 2), Extent(height: 1, width: 2), Extent(height: 1, width: 0)),
    ]
    for (height, width) in [(5, 5), (7, 37), (13, 6)] {
      let shape = TensorShape(channels: 3, height: height, width: width)
      for (kernel, stride, padding) in extents {
        for ceil in [false, true] {
          for counts in [false, true] {
            let window = NodeOperation.Pooling(
              kernelSize: kernel, stride: stride, padding: padding, ceilMode: ceil,
              countIncludesPadding: counts)
            let note = "\(shape), \(window)"
            let terms = kernel.height * kernel.width
            if counts {
              try check(
                single(shape, .maxPool(window)), isa, terms: 0, linearInMagnitude: false, note)
            }
            try check(single(shape, .averagePool(window)), isa, terms: terms, note)
          }
        }
      }
    }
  }

  @Test("Adaptive average pooling", arguments: ISA.available)
  func adaptivePooling(isa: ISA) throws {
    for (height, width, output) in [
      (1, 1, Extent(1)), (7, 7, 1), (6, 6, 6), (13, 7, 6), (5, 40, Extent(height: 7, width: 3)),
    ] {
      let shape = TensorShape(channels: 5, height: height, width: width)
      try check(
        single(shape, .adaptiveAveragePool(output)), isa, terms: height * width,
        "\(shape) → \(output)")
    }
  }

  @Test("Normalisations", arguments: ISA.available)
  func normalisations(isa: ISA) throws {
    for (channels, height, width) in [(1, 1, 1), (3, 5, 7), (17, 4, 33)] {
      let shape = TensorShape(channels: channels, height: height, width: width)
      try check(
        single(shape, .batchNorm(.init(epsilon: 1e-3))), isa, terms: 8, linearInMagnitude: false,
        "\(shape)")
      for (size, beta) in [(1, 0.75), (5, 0.75), (3, 0.5)] {
        try check(
          single(shape, .localResponseNorm(.init(size: size, alpha: 0.5, beta: beta, k: 2))), isa,
          terms: 16, linearInMagnitude: false, "\(shape), \(size), \(beta)")
      }
    }
  }

  @Test("Activations, dropout and flatten", arguments: ISA.available)
  func activations(isa: ISA) throws {
    for width in [1, 15, 100] {
      let shape = TensorShape(channels: 3, height: 2, width: width)
      for operation: NodeOperation in [.relu, .sigmoid, .tanh, .dropout(probability: 0.5)] {
        try check(
          single(shape, operation), isa, terms: 8, linearInMagnitude: false,
          "\(operation) \(width)")
      }
    }
  }
}
