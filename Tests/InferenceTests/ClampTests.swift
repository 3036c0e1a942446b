import CKernels
import Inference
import TestSupport
import Testing

extension OutputClamp {
  /// None, a ReLU and two of two bounds.
  static let cases: [OutputClamp] = [
    .none, .relu, OutputClamp(lower: 0, upper: 6), OutputClamp(lower: -1, upper: 1.5),
  ]

  /// The clamp of a sum in double precision.
  func callAsFunction(_ value: Double) -> Double { min(max(value, Double(lower)), Double(upper)) }
}

/// Each kernel is given what it hands on unchanged, so that the clamp alone makes its results.
@Suite("Clamps of results, bit for bit")
struct ClampTests {
  /// Those at bounds, next to them, and what breaks careless comparisons.
  private static let values: [Float] =
    [
      0, -0.0, -1, 1.5, 6, .infinity, -.infinity, .nan, Float(bitPattern: 0xFFC1_2345),
      .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude,
      -.greatestFiniteMagnitude, Float(6).nextUp, Float(6).nextDown, Float(-1).nextDown,
    ] + (0..<47).map { Float($0 - 23) / 3 }

  @Test("Every kernel clamps as asked; without bounds no bit changes", arguments: OutputClamp.cases)
  func clamps(clamp: OutputClamp) {
    for kernel in Kernel.all where ISA.available.contains(kernel.isa) {
      guard let found = results(kernel.function, clamp.bounds) else { continue }
      #expect(found.count == Self.values.count, "\(kernel.name)")
      for (value, result) in zip(Self.values, found) {
        #expect(
          isRight(result, value, clamp, kernel.function), "\(kernel.name) \(value): \(result)")
      }
    }
  }

  private func isRight(
    _ result: Float, _ value: Float, _ clamp: OutputClamp, _ function: Kernel.Function
  ) -> Bool {
    // A bound of 0 may take the sign of −0, as a sum that starts at 0 does.
    if value == 0, clamp.lower == 0 { return result == 0 }
    if value == 0, case .dot = function { return result == 0 }
    return result.bitPattern == clamp(value).bitPattern
  }

  private func results(_ function: Kernel.Function, _ clamp: cnn_f32_clamp) -> [Float]? {
    switch function {
    case .gemm(let run, _, let columns, _): gemm(run, columns, clamp)
    case .winograd(let kernels): pixels(kernels, clamp)
    case .dot(let run, _, _): dot(run, clamp)
    case .clamp(let run), .scale(let run), .add(let run): map(run, clamp)
    case .im2col, .leakyReLU, .sigmoid, .tanh, .maxPool, .averagePool, .lrn, .convolution8, .dot8,
      .product8,
      .maps8:
      nil
    }
  }

  /// Sums that go on from `c` over no depth.
  private func gemm(_ run: Kernel.GEMM, _ columns: Int, _ clamp: cnn_f32_clamp) -> [Float] {
    stride(from: 0, to: Self.values.count, by: columns - 1).flatMap { first in
      let c = GuardedFloats(Array(Self.values[first...].prefix(columns - 1)))
      var tile = cnn_f32_gemm()
      tile.c = c.address
      (tile.rows, tile.columns, tile.c_stride) = (1, Int64(c.count), Int64(c.count))
      tile.clamp = clamp
      run(&tile)
      return c.values
    }
  }

  /// Pixels of one channel, which the bias −0 leaves alone.
  private func pixels(_ kernels: Kernel.Winograd, _ clamp: cnn_f32_clamp) -> [Float] {
    let input = GuardedFloats(
      Self.values.flatMap { [$0] + Array(repeating: 1, count: kernels.lanes - 1) })
    let bias = GuardedFloats(Array(repeating: -0.0, count: kernels.lanes))
    let output = GuardedFloats(zeros: Self.values.count)
    var task = cnn_f32_winograd_output()
    (task.input, task.bias) = (UnsafePointer(input.address), UnsafePointer(bias.address))
    task.output = output.address
    task.tile_stride = Int64(kernels.lanes)
    (task.output_tile, task.kernel, task.channels, task.tile_rows, task.height) = (1, 1, 1, 1, 1)
    (task.width, task.tile_columns) = (Int64(output.count), Int64(output.count))
    task.clamp = clamp
    kernels.output(&task)
    return output.values
  }

  /// Products with 1.
  private func dot(_ run: Kernel.Dot, _ clamp: cnn_f32_clamp) -> [Float] {
    let weights = GuardedFloats(Self.values), one = GuardedFloats([1])
    let bias = GuardedFloats(zeros: weights.count), output = GuardedFloats(zeros: weights.count)
    var tile = cnn_f32_dot()
    (tile.weights, tile.inputs) = (UnsafePointer(weights.address), UnsafePointer(one.address))
    (tile.bias, tile.output) = (UnsafePointer(bias.address), output.address)
    (tile.weight_stride, tile.input_stride, tile.output_stride) = (1, 1, Int64(weights.count))
    (tile.depth, tile.images, tile.rows) = (1, 1, Int64(weights.count))
    tile.clamp = clamp
    run(&tile)
    return output.values
  }

  /// Values themselves, times 1 and −0, or and −0.
  private func map(_ run: Kernel.Map, _ clamp: cnn_f32_clamp) -> [Float] {
    let input = GuardedFloats(Self.values), output = GuardedFloats(zeros: Self.values.count)
    let other = GuardedFloats(Array(repeating: -0.0, count: Self.values.count))
    var map = cnn_f32_map()
    (map.input, map.other) = (UnsafePointer(input.address), UnsafePointer(other.address))
    map.output = output.address
    map.count = Int64(output.count)
    (map.scale, map.shift, map.clamp) = (1, -0.0, clamp)
    run(&map)
    return output.values
  }
}
