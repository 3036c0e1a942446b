import CKernels
import Datasets
import Testing

@Suite(
  "Maximum over windows in training",
  .enabled(if: hasWideVectors, "the processor has no AVX-512"))
struct MaxPoolKernelTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var channels = 16
    let size: (Int, Int)
    let kernel: (Int, Int)
    let stride: (Int, Int)
    var padding = (0, 0)
    /// Windows beyond those that fit: ceil mode.
    var extra = 0

    var output: (Int, Int) {
      (
        (size.0 + 2 * padding.0 - kernel.0) / stride.0 + 1 + extra,
        (size.1 + 2 * padding.1 - kernel.1) / stride.1 + 1 + extra
      )
    }

    var pool: cnn_maxpool {
      var pool = cnn_maxpool()
      pool.channels = Int64(channels)
      (pool.height, pool.width) = (Int64(size.0), Int64(size.1))
      (pool.output_height, pool.output_width) = (Int64(output.0), Int64(output.1))
      (pool.kernel_y, pool.kernel_x) = (Int64(kernel.0), Int64(kernel.1))
      (pool.stride_y, pool.stride_x) = (Int64(stride.0), Int64(stride.1))
      (pool.padding_y, pool.padding_x) = (Int64(padding.0), Int64(padding.1))
      return pool
    }

    var testDescription: String {
      "\(size) of \(channels), kernel \(kernel), stride \(stride), padding \(padding), +\(extra)"
    }
  }

  static let shapes = [
    Shape(size: (1, 1), kernel: (1, 1), stride: (1, 1)),
    Shape(channels: 48, size: (7, 9), kernel: (3, 3), stride: (2, 2)),
    Shape(channels: 32, size: (6, 5), kernel: (2, 2), stride: (2, 2)),
    // Windows that tile a map, and a padded one whose size would do.
    Shape(channels: 48, size: (6, 8), kernel: (2, 2), stride: (2, 2)),
    Shape(size: (6, 6), kernel: (3, 3), stride: (3, 3)),
    Shape(channels: 32, size: (4, 9), kernel: (2, 3), stride: (2, 3)),
    Shape(size: (8, 8), kernel: (4, 4), stride: (4, 4), padding: (1, 1)),
    Shape(size: (8, 7), kernel: (3, 2), stride: (1, 3), padding: (1, 1)),
    Shape(size: (9, 6), kernel: (2, 1), stride: (4, 3)),
    Shape(size: (6, 8), kernel: (3, 3), stride: (2, 2), padding: (1, 1), extra: 0),
    Shape(channels: 32, size: (6, 6), kernel: (3, 3), stride: (2, 2), extra: 1),
    Shape(size: (16, 17), kernel: (16, 16), stride: (1, 1)),
  ]

  @Test("Maxima and gradients are the formula's, in both types", arguments: shapes)
  func formula(_ shape: Shape) {
    var random = CounterRandom(seed: 9, stream: 3)
    let count = shape.size.0 * shape.size.1 * shape.channels
    let pooled = shape.output.0 * shape.output.1 * shape.channels
    // Quarters: many equal ones, and sums that both types have.
    let maps = (0..<count).map { _ in Float(random.nextInt(below: 9)) / 4 - 1 }
    let slopes = (0..<pooled).map { _ in Float(random.nextInt(below: 9)) / 4 - 1 }
    let (maxima, gradient) = reference(shape, maps, slopes)
    let single = run(
      shape, maps, slopes, cnn_f32_maxpool_blocks_16_wide, cnn_f32_maxpool_blocks_gradient_16_wide)
    #expect(single.maxima == maxima)
    #expect(single.gradient == gradient)
    let half = run(
      shape, maps.map(Half.init), slopes.map(Half.init), cnn_bf16_maxpool_blocks_16_wide,
      cnn_bf16_maxpool_blocks_gradient_16_wide)
    #expect(half.maxima.map(\.float) == maxima)
    #expect(half.gradient.map(\.float) == gradient)
  }

  @Test("NaN is the maximum, wherever it is in the window", arguments: 0..<4)
  func notANumber(place: Int) {
    let shape = Shape(size: (2, 2), kernel: (2, 2), stride: (2, 2))
    var maps = [Float](repeating: 1, count: 64)
    maps[place * 16 + 3] = .nan
    let result = run(
      shape, maps, [Float](repeating: 2, count: 16), cnn_f32_maxpool_blocks_16_wide,
      cnn_f32_maxpool_blocks_gradient_16_wide)
    #expect(result.maxima.indices.filter { result.maxima[$0].isNaN } == [3])
    #expect(result.gradient[place * 16 + 3] == 2)
  }

  private struct Half {
    let bits: UInt16
    init(_ value: Float) { bits = UInt16(value.bitPattern >> 16) }
    var float: Float { Float(bitPattern: UInt32(bits) << 16) }
  }

  typealias Kernel = (UnsafePointer<cnn_maxpool>?) -> Void

  private func run<Element>(
    _ shape: Shape, _ maps: [Element], _ slopes: [Element], _ forward: Kernel, _ backward: Kernel
  ) -> (maxima: [Element], gradient: [Element]) {
    var (maps, slopes, maxima, gradient) = (maps, slopes, slopes, maps)
    var places = [UInt8](repeating: 0, count: slopes.count)
    places.withUnsafeMutableBufferPointer { places in
      func call(_ kernel: Kernel, _ maps: inout [Element], _ results: inout [Element]) {
        maps.withUnsafeMutableBytes { maps in
          results.withUnsafeMutableBytes { results in
            var pool = shape.pool
            pool.maps = maps.baseAddress
            pool.results = results.baseAddress
            pool.places = places.baseAddress
            kernel(&pool)
          }
        }
      }
      call(forward, &maps, &maxima)
      call(backward, &gradient, &slopes)
    }
    return (maxima, gradient)
  }

  /// The first of equal maxima counts, in row-major order.
  private func reference(
    _ shape: Shape, _ maps: [Float], _ slopes: [Float]
  ) -> (maxima: [Float], gradient: [Float]) {
    var (maxima, gradient) = (slopes, maps.map { _ in Float(0) })
    for index in maxima.indices {
      let (pixel, channel) = index.quotientAndRemainder(dividingBy: shape.channels)
      let (row, column) = pixel.quotientAndRemainder(dividingBy: shape.output.1)
      var places: [Int] = []
      for tap in 0..<shape.kernel.0 * shape.kernel.1 {
        let y = row * shape.stride.0 - shape.padding.0 + tap / shape.kernel.1
        let x = column * shape.stride.1 - shape.padding.1 + tap % shape.kernel.1
        guard y >= 0, y < shape.size.0, x >= 0, x < shape.size.1 else { continue }
        places.append((y * shape.size.1 + x) * shape.channels + channel)
      }
      let largest = places.map { maps[$0] }.max() ?? -.infinity
      maxima[index] = largest
      if let first = places.first(where: { maps[$0] == largest }) {
        gradient[first] += slopes[index]
      }
    }
    return (maxima, gradient)
  }
}
