import CKernels
import Datasets
import TestSupport
import Testing

/// Maps in bfloat16, of all channels together, give the points that the same numbers give as blocks of
/// floats.
@Suite(
  "Winograd's transforms of training's maps",
  .enabled(if: hasWideVectors, "the processor has no AVX-512"))
struct WinogradTransformTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    let size: (height: Int, width: Int)
    /// m.
    let step: Int
    let before: (y: Int, x: Int)
    let tiles: (rows: Int, columns: Int)

    var testDescription: String { "\(size), \(step) from tile to tile, \(before) before" }
  }

  static let shapes = [
    Shape(size: (8, 8), step: 4, before: (0, 0), tiles: (1, 1)),
    Shape(size: (9, 14), step: 4, before: (2, 2), tiles: (3, 4)),
    Shape(size: (13, 5), step: 6, before: (1, 0), tiles: (3, 1)),
    Shape(size: (1, 2), step: 6, before: (0, 4), tiles: (1, 2)),
  ]

  typealias Kernel = @Sendable @convention(c) (UnsafePointer<cnn_f32_winograd_blocks>?) -> Void
  static let kernels: [Kernel] = [
    cnn_f32_winograd_blocks_input_16_wide, cnn_f32_winograd_blocks_gradient_16_wide,
  ]

  @Test("Types and orders agree", arguments: shapes)
  func agree(_ shape: Shape) {
    var random = CounterRandom(seed: 2, stream: 8)
    let pixels = shape.size.height * shape.size.width
    let step = 48
    let floats = (0..<pixels * 16).map { _ in Float(random.nextInt(below: 255)) / 64 - 2 }
    // NaN between the pixels, which nothing may read.
    let count = (pixels - 1) * step + 16
    var halves = [UInt16](repeating: 0x7FC0, count: count)
    var apart = [Float](repeating: .nan, count: count)
    for (index, value) in floats.enumerated() {
      halves[index / 16 * step + index % 16] = UInt16(value.bitPattern >> 16)
      apart[index / 16 * step + index % 16] = value
    }
    for kernel in Self.kernels {
      let expected = points(shape, floats, 16, kernel)
      #expect(expected.contains { $0 != 0 } && !expected.contains { $0.isNaN })
      #expect(points(shape, apart, step, kernel) == expected)
      #expect(points(shape, halves, step, kernel) == expected)
    }
  }

  private func points<Element: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ shape: Shape, _ maps: [Element], _ pixelStride: Int, _ kernel: Kernel
  ) -> [Float] {
    let tiles = shape.tiles.rows * shape.tiles.columns
    let maps = Guarded(maps)
    let points = GuardedFloats(zeros: 64 * tiles * 16)
    var task = cnn_f32_winograd_blocks()
    task.maps = UnsafeMutableRawPointer(maps.address)
    task.is_bfloat16 = Element.self == UInt16.self
    task.pixel_stride = Int64(pixelStride)
    (task.height, task.width) = (Int64(shape.size.height), Int64(shape.size.width))
    (task.first_row, task.first_column) = (Int64(-shape.before.y), Int64(-shape.before.x))
    task.step = Int64(shape.step)
    (task.tile_rows, task.tile_columns) = (Int64(shape.tiles.rows), Int64(shape.tiles.columns))
    task.points = points.address
    task.point_stride = Int64(tiles * 16)
    task.tile_stride = 16
    return withExtendedLifetime(maps) {
      kernel(&task)
      return points.values
    }
  }
}
