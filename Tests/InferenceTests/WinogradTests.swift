import CKernels
import Inference
import Networks
import ReferenceOperations
import Tensors
import TestSupport
import Testing

private let vectorISAs = ISA.available.filter {
  ![.scalar, .avx512vnni, .avx512amx].contains($0)
}

/// An ISA and the algorithm of every convolution that it can compute.
struct ForcedAlgorithm: Sendable, CustomStringConvertible {
  let isa: ISA
  let algorithm: ConvolutionAlgorithm

  static let all = vectorISAs.flatMap { isa in
    ConvolutionAlgorithm.all.map { ForcedAlgorithm(isa: isa, algorithm: $0) }
  }

  var description: String { "\(algorithm) on \(isa)" }

  /// The largest error of one layer, of the largest result. Points of greater size cost digits
  /// (Barabasz et al. 2020, §3); each bound is about five times what was measured.
  var tolerance: Double {
    switch algorithm {
    case .implicitGEMM, .winograd(outputTile: 1): 1e-6
    case .winograd(outputTile: 2): 4e-6
    case .winograd(outputTile: 4): 2e-5
    case .winograd: 3e-5
    }
  }
}

@Suite("Winograd's minimal filtering and products of pixels by channels")
struct WinogradTests {
  /// A convolution's extents, odd in some way each.
  private static let shapes: [ConvolutionShape] = [
    ConvolutionShape(channels: 1, height: 1, width: 1, kernel: (3, 3), padding: (1, 1)),
    ConvolutionShape(channels: 3, height: 5, width: 7, kernel: (3, 3), outputs: 1),
    ConvolutionShape(
      channels: 17, height: 13, width: 13, kernel: (3, 3), padding: (1, 1), outputs: 33),
    ConvolutionShape(
      channels: 32, height: 12, width: 12, kernel: (3, 3), padding: (1, 1), outputs: 48),
    ConvolutionShape(
      channels: 6, height: 3, width: 40, kernel: (3, 3), padding: (2, 0), outputs: 6, groups: 2),
    ConvolutionShape(
      channels: 20, height: 33, width: 18, kernel: (3, 3), padding: (0, 2), outputs: 70),
    ConvolutionShape(channels: 1, height: 2, width: 1, kernel: (5, 5), padding: (2, 2)),
    ConvolutionShape(
      channels: 19, height: 13, width: 9, kernel: (5, 5), padding: (2, 2), outputs: 40),
    ConvolutionShape(
      channels: 8, height: 11, width: 26, kernel: (5, 5), padding: (0, 1), outputs: 18, groups: 2),
    ConvolutionShape(channels: 1, height: 1, width: 1, kernel: (1, 1)),
    ConvolutionShape(channels: 37, height: 7, width: 7, kernel: (1, 1), outputs: 50),
    ConvolutionShape(
      channels: 18, height: 9, width: 14, kernel: (1, 1), stride: (2, 2), outputs: 34, groups: 2),
  ]

  @Test("Layers of odd shapes agree, next to guard pages", arguments: ForcedAlgorithm.all)
  func layers(forced: ForcedAlgorithm) throws {
    for shape in Self.shapes {
      let network = try shape.network()
      let weights = Weights.random(of: network, seed: 3)
      let plan = try Plan(
        network: network, weights: weights, isa: forced.isa, convolutions: forced.algorithm)
      for images in [1, 3] {
        for side in GuardedFloats.Side.allCases {
          let error = try largestError(plan, weights, images: images, side)
          #expect(error <= forced.tolerance, "\(shape), \(images) images, \(side)")
        }
      }
    }
  }

  private func largestError(
    _ plan: Plan, _ weights: Weights, images: Int, _ side: GuardedFloats.Side
  ) throws -> Double {
    var random = SeededGenerator(seed: 4)
    let size = plan.network.input.elementCount, classes = plan.network.classCount
    let input = random.floats(size * images, -2...2)
    let from = GuardedFloats(input, side), to = GuardedFloats(zeros: classes * images, side)
    let context = try ExecutionContext(plan: plan, maximumBatch: images, threads: 2)
    try context.run(
      input: UnsafeBufferPointer(start: from.address, count: from.count), count: images,
      into: UnsafeMutableBufferPointer(start: to.address, count: to.count))
    let found = to.values
    var error = 0.0, largest = 0.0
    for image in 0..<images {
      let one = Array(input[image * size..<(image + 1) * size])
      for (index, expected) in Reference.logits(plan.network, weights, input: one).enumerated() {
        let difference = abs(expected - Double(found[image * classes + index]))
        error = difference.isNaN ? .infinity : max(error, difference)
        largest = max(largest, abs(expected))
      }
    }
    return error / largest
  }

  @Test("A point's products of every tile size", arguments: GuardedFloats.Side.allCases)
  func products(side: GuardedFloats.Side) {
    for kernel in Kernel.all where ISA.available.contains(kernel.isa) {
      guard case .winograd(let functions) = kernel.function else { continue }
      for rows in 1...functions.rows {
        for vectors in 1...2 {
          for depth in [1, functions.lanes, 2 * functions.lanes + 3] {
            checkProduct(functions, rows, vectors, depth, side, kernel.name)
          }
        }
      }
    }
  }

  private func checkProduct(
    _ kernel: Kernel.Winograd, _ rows: Int, _ vectors: Int, _ depth: Int,
    _ side: GuardedFloats.Side, _ name: String
  ) {
    var random = SeededGenerator(seed: UInt64(rows * 100 + depth))
    let lanes = kernel.lanes, columns = vectors * lanes, chunks = (depth + lanes - 1) / lanes
    let a = random.floats(chunks * rows * lanes), b = random.floats(depth * columns)
    let guarded = (
      a: GuardedFloats(a, side), b: GuardedFloats(b, side),
      c: GuardedFloats(zeros: rows * columns, side)
    )
    var product = cnn_f32_winograd_gemm()
    product.a = UnsafePointer(guarded.a.address)
    product.b = UnsafePointer(guarded.b.address)
    product.c = guarded.c.address
    (product.a_stride, product.c_stride) = (Int64(rows * lanes), Int64(columns))
    (product.depth, product.rows, product.vectors) = (Int64(depth), Int64(rows), Int64(vectors))
    // Asking for what lies beyond the end does no harm.
    (product.next, product.next_step) = (product.b.map { $0 + b.count }, Int64(columns))
    (product.written, product.residual) = (product.c, rows % 2 == 0 ? product.a : nil)
    (product.planes, product.plane_stride) = (Int64(columns), 1 << 20)
    kernel.gemm(&product)
    let found = guarded.c.values
    var worst = 0.0
    for i in 0..<rows {
      for j in 0..<columns {
        var sum = 0.0, size = 0.0
        for k in 0..<depth {
          let term =
            Double(a[(k / lanes * rows + i) * lanes + k % lanes]) * Double(b[k * columns + j])
          sum += term
          size += abs(term)
        }
        let bound = Double(depth + 2) * 0x1p-24 * size
        worst = max(worst, abs(sum - Double(found[i * columns + j])) / bound)
      }
    }
    #expect(worst <= 1, "\(name) \(rows)×\(columns)×\(depth)")
  }

  @Test("The algorithm asked for is the one that runs")
  func forcing() throws {
    let found = try ["winograd F(2×2", "winograd F(4×4", "winograd F(6×6"].enumerated().map {
      let network = try Self.shapes[3].network()
      let plan = try Plan(
        network: network, weights: .random(of: network, seed: 1), isa: vectorISAs.last,
        convolutions: .winograd(outputTile: 2 * ($0 + 1)))
      return plan.steps[0].algorithm.hasPrefix($1)
    }
    #expect(vectorISAs.isEmpty || found == [true, true, true])
  }

  @Test(
    "Families stay within 1e-4 of the largest logit", arguments: ForcedAlgorithm.all,
    [("alexnet", 71), ("vgg11-small", 64), ("resnet18", 49), ("googlenet", 49), ("densenet", 49)])
  func families(forced: ForcedAlgorithm, family: (name: String, side: Int)) throws {
    let network = try Variant.named(family.name).network().adapted(imageSize: family.side)
    try expectAgreement(
      network, isa: forced.isa, convolutions: forced.algorithm, tolerance: 1e-4)
  }

  /// Enough tile rows for workers to take regions of their own, and too few in one image; and filters
  /// that outweigh the pixels, so that workers share those.
  private static let shared =
    [(1, 0), (3, 1), (5, 2)].map { kernel, padding in
      ConvolutionShape(
        channels: 18, height: 40, width: 69, kernel: (kernel, kernel),
        padding: (padding, padding), outputs: 35)
    } + [ConvolutionShape(channels: 18, height: 4, width: 3, kernel: (1, 1), outputs: 400)]

  @Test("Threads, batches and runs do not change a bit", arguments: ForcedAlgorithm.all)
  func sameBits(forced: ForcedAlgorithm) throws {
    for shape in Self.shared {
      let network = try shape.network()
      let plan = try Plan(
        network: network, weights: .random(of: network, seed: 7), isa: forced.isa,
        convolutions: forced.algorithm)
      var random = SeededGenerator(seed: 8)
      let size = network.input.elementCount, images = 9
      let input = random.floats(size * images)
      let alone = try ExecutionContext(plan: plan)
      let expected = try (0..<images).flatMap { image in
        try alone.run(Array(input[image * size..<(image + 1) * size]))
      }
      for threads in 1...3 {
        let context = try ExecutionContext(plan: plan, maximumBatch: images, threads: threads)
        for _ in 0..<2 { #expect(try context.run(input, count: images) == expected) }
      }
    }
  }

  @Test("A NaN of the input reaches the outputs that see it", arguments: ForcedAlgorithm.all)
  func notANumber(forced: ForcedAlgorithm) throws {
    let network = try Self.shapes[3].network()
    let plan = try Plan(
      network: network, weights: .random(of: network, seed: 2), isa: forced.isa,
      convolutions: forced.algorithm)
    var input = [Float](repeating: 1, count: network.input.elementCount)
    input[0] = .nan
    let found = try ExecutionContext(plan: plan).run(input)
    #expect(found[0].isNaN)
  }

  @Test("One run does not pay for large transformed weights; many do, on vectors")
  func expectedRuns() throws {
    let network = try Variant.named("alexnet").network()
    let weights = Weights.random(of: network, seed: 1)
    for isa in ISA.available {
      func filtered(_ runs: Int) throws -> [Int] {
        let plan = try Plan(network: network, weights: weights, isa: isa, expectedRuns: runs)
        return plan.steps.indices.filter { plan.steps[$0].algorithm.hasPrefix("winograd") }
      }
      // conv3, conv4 and conv5 are steps 4 to 6; conv2 has many pixels for its weights.
      #expect(try filtered(1).allSatisfy { $0 == 2 }, "\(isa)")
      #expect(try filtered(1000) == (isa == .scalar ? [] : [2, 4, 5, 6]), "\(isa)")
    }
  }
}
