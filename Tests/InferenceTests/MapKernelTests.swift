import CKernels
import Inference
import ReferenceOperations
import TestSupport
import Testing

private let kernels = Kernel.all.filter { ISA.available.contains($0.isa) }

@Suite("Element-wise kernels, pooling and normalisation against their formulas")
struct MapKernelTests {
  /// Values that break careless comparisons, exponentials and roundings.
  private static let values: [Float] =
    [
      0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNormalMagnitude,
      88, -88, 100, -100, 1e30, -1e30, 0.624, 0.626, -0.5, 1e-7, 3e38,
    ] + (0..<47).map { Float($0 - 23) / 3 }

  private func apply(
    _ run: Kernel.Map, _ input: [Float], side: GuardedFloats.Side,
    _ prepare: (inout cnn_f32_map) -> Void = { _ in }
  ) -> [Float] {
    let from = GuardedFloats(input, side), to = GuardedFloats(zeros: input.count, side)
    var map = cnn_f32_map()
    map.input = UnsafePointer(from.address)
    map.other = UnsafePointer(from.address)
    map.output = to.address
    map.count = Int64(input.count)
    prepare(&map)
    run(&map)
    return to.values
  }

  private func close(_ found: Float, _ expected: Double, ulps: Double) -> Bool {
    if expected.isNaN || found.isNaN { return expected.isNaN && found.isNaN }
    let single = Float(expected)
    if single.isInfinite || found.isInfinite { return single == found }
    // Below the least normal number results may be flushed.
    return abs(Double(found) - expected)
      <= ulps * Double(max(single.magnitude, .leastNormalMagnitude).ulp)
      + Double(Float.leastNormalMagnitude)
  }

  @Test("ReLU keeps NaN and +∞ and makes negatives 0", arguments: GuardedFloats.Side.allCases)
  func relu(side: GuardedFloats.Side) {
    for kernel in kernels {
      guard case .clamp(let run) = kernel.function else { continue }
      let found = apply(run, Self.values, side: side) { $0.clamp = OutputClamp.relu.bounds }
      for (x, y) in zip(Self.values, found) {
        #expect(close(y, Reference.relu(Double(x)), ulps: 0), "\(kernel.name) \(x)")
      }
    }
  }

  @Test(
    "Leaky ReLU rounds its product once and keeps NaN and infinities",
    arguments: GuardedFloats.Side.allCases)
  func leakyReLU(side: GuardedFloats.Side) {
    for kernel in kernels {
      guard case .leakyReLU(let run) = kernel.function else { continue }
      for slope: Float in [0, 0.01, 0.2, 1, 3] {
        for (x, y) in zip(Self.values, apply(run, Self.values, side: side) { $0.scale = slope }) {
          let expected = Reference.leakyReLU(Double(x), negativeSlope: Double(slope))
          #expect(close(y, expected, ulps: 0.5), "\(kernel.name) \(slope) \(x): \(y)")
        }
      }
    }
  }

  @Test("Sigmoid and tanh within 8 ULP of double precision", arguments: GuardedFloats.Side.allCases)
  func curves(side: GuardedFloats.Side) {
    for kernel in kernels {
      let (run, formula): (Kernel.Map, (Double) -> Double)
      switch kernel.function {
      case .sigmoid(let function): (run, formula) = (function, Reference.sigmoid)
      case .tanh(let function): (run, formula) = (function, Reference.hyperbolicTangent)
      case .gemm, .im2col, .winograd, .dot, .clamp, .leakyReLU, .scale, .add, .maxPool,
        .averagePool, .lrn, .convolution8, .dot8, .product8, .maps8:
        continue
      }
      for (x, y) in zip(Self.values, apply(run, Self.values, side: side)) {
        #expect(close(y, formula(Double(x)), ulps: 8), "\(kernel.name) \(x): \(y)")
      }
    }
  }

  @Test("Scale–shift and sum, clamped", arguments: OutputClamp.cases)
  func scaleAndAdd(clamp: OutputClamp) {
    for kernel in kernels {
      let (run, formula): (Kernel.Map, (Double) -> Double)
      switch kernel.function {
      case .scale(let function): (run, formula) = (function, { $0 * 0.75 + 0.5 })
      case .add(let function): (run, formula) = (function, { $0 + $0 })
      case .gemm, .im2col, .winograd, .dot, .clamp, .leakyReLU, .sigmoid, .tanh, .maxPool,
        .averagePool, .lrn, .convolution8, .dot8, .product8, .maps8:
        continue
      }
      let found = apply(run, Self.values, side: .after) {
        ($0.scale, $0.shift, $0.clamp) = (0.75, 0.5, clamp.bounds)
      }
      for (x, y) in zip(Self.values, found) {
        let expected = clamp(formula(Double(x)))
        // A product rounded before the sum is off by up to an ULP of the product.
        let slack = Double(Float(abs(x) * 0.75).ulp)
        let right =
          close(y, expected, ulps: 1)
          || abs(Double(y) - expected) <= slack
        #expect(right, "\(kernel.name) \(x): \(y)")
      }
    }
  }

  @Test("A NaN in a window wins, −∞ loses to all, and padding never wins")
  func specialMaxima() {
    for kernel in kernels {
      guard case .maxPool(let run) = kernel.function else { continue }
      let plane: [Float] = [
        .nan, -1, -2, -.infinity, -3,
        -1, -2, -3, -.infinity, -.infinity,
        0, -0.0, -4, -.infinity, -.infinity,
      ]
      let from = GuardedFloats(plane), to = GuardedFloats(zeros: 6)
      var pool = cnn_f32_pool()
      (pool.height, pool.width, pool.output_height, pool.output_width) = (3, 5, 2, 3)
      (pool.kernel_y, pool.kernel_x, pool.stride_y, pool.stride_x) = (3, 3, 2, 2)
      (pool.padding_y, pool.padding_x) = (1, 1)
      let scratch = GuardedFloats(zeros: Int(cnn_f32_pool_scratch(&pool)))
      pool.input = UnsafePointer(from.address)
      pool.output = to.address
      pool.scratch = scratch.address
      run(&pool)
      let found = to.values
      #expect(found[0].isNaN && found[1] == -1, "\(kernel.name)")
      #expect(found[2] == -3 && found[3] == 0 && found[4] == 0, "\(kernel.name)")
      #expect(found[5] == -.infinity, "\(kernel.name)")
    }
  }
}
