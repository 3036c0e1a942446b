import CKernels
import Networks

extension Int8Form {
  /// Maximum pooling, on the input's own grid.
  static func maximum(_ windows: PoolWindows, on grid: Grid) -> Int8Form {
    Int8Form(to: grid) {
      Int8PoolStep(
        windows: windows, isMaximum: true, from: grid, to: grid, kernels: $0.kernels,
        input: $0.input, output: $0.output)
    }
  }

  /// Average pooling; nil where its sums may not fit 32 bits, or where the output has no grid.
  static func average(_ windows: PoolWindows, _ context: Int8Context) -> Int8Form? {
    guard let output = context.output, windows.largest <= Int(Int32.max) / 255 else { return nil }
    return Int8Form(to: output) {
      Int8PoolStep(
        windows: windows, isMaximum: false, from: context.input, to: output, kernels: $0.kernels,
        input: $0.input, output: $0.output)
    }
  }
}

/// Maximum, average or adaptive average pooling of bytes, a row of output pixels at a time.
private struct Int8PoolStep: Step {
  let windows: PoolWindows
  let isMaximum: Bool
  let from, to: Grid
  let kernels: KernelSet
  let input, output: Location

  var algorithm: String { isMaximum ? "max" : "average" }
  var scratchCount: Int { isMaximum ? 0 : channels }
  private var channels: Int { windows.input.channels }

  func run(_ frame: Frame) {
    let work = windows.input.width * windows.input.height * channels / max(1, windows.rows.count)
    frame.tiles(items: windows.rows.count, work: work) { image, rows, worker in
      var window = cnn_u8_window()
      window.channels = Int64(channels)
      window.row_stride = Int64(windows.input.width * channels)
      window.input_zero = Int32(from.zeroPoint)
      window.rounding = to.rounding()
      let scratch = UnsafeMutableRawPointer(frame.scratch(worker))
      window.scratch = scratch.assumingMemoryBound(to: Int32.self)
      let source = frame.readBytes(input, image: image)
      let target = frame.writeBytes(output, image: image)
      for row in rows { run(&window, source, target + row * windows.output.width * channels, row) }
    }
  }

  private func run(
    _ window: inout cnn_u8_window, _ source: UnsafePointer<UInt8>,
    _ target: UnsafeMutablePointer<UInt8>, _ row: Int
  ) {
    let rows = windows.rows[row]
    window.rows = Int64(rows.inside.count)
    for (index, columns) in windows.columns.enumerated() {
      let first = rows.inside.lowerBound * windows.input.width + columns.inside.lowerBound
      window.input = source + first * channels
      window.output = target + index * channels
      window.columns = Int64(columns.inside.count)
      if isMaximum {
        kernels.maps8.maximum(&window)
      } else {
        window.scale = from.scale / to.scale / Float(rows.counted * columns.counted)
        kernels.maps8.average(&window)
      }
    }
  }
}
