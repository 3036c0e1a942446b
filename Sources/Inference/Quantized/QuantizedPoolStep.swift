import CKernels
import Networks

/// Maximum, average or adaptive average pooling of bytes, a row of output pixels at a time.
struct QuantizedPoolStep: Step {
  let pool: QuantizedOperation.Pool
  let kernels: KernelSet
  let input, output: Location

  var algorithm: String { pool.isMaximum ? "max" : "average" }
  var scratchCount: Int { pool.isMaximum ? 0 : channels }
  private var channels: Int { pool.windows.input.channels }

  func run(_ frame: Frame) {
    let windows = pool.windows
    let work = windows.input.width * windows.input.height * channels / max(1, windows.rows.count)
    frame.tiles(items: windows.rows.count, work: work) { image, rows, worker in
      var window = cnn_u8_window()
      window.channels = Int64(channels)
      window.row_stride = Int64(windows.input.width * channels)
      window.input_zero = Int32(pool.input.zeroPoint)
      window.rounding = pool.output.rounding()
      let scratch = UnsafeMutableRawPointer(frame.scratch(worker))
      window.scratch = scratch.assumingMemoryBound(to: Int32.self)
      let from = frame.readBytes(input, image: image)
      let to = frame.writeBytes(output, image: image)
      for row in rows { run(&window, from, to + row * windows.output.width * channels, row) }
    }
  }

  private func run(
    _ window: inout cnn_u8_window, _ from: UnsafePointer<UInt8>, _ to: UnsafeMutablePointer<UInt8>,
    _ row: Int
  ) {
    let windows = pool.windows, rows = windows.rows[row]
    window.rows = Int64(rows.inside.count)
    for (index, columns) in windows.columns.enumerated() {
      let first = rows.inside.lowerBound * windows.input.width + columns.inside.lowerBound
      window.input = from + first * channels
      window.output = to + index * channels
      window.columns = Int64(columns.inside.count)
      if pool.isMaximum {
        kernels.maps8.maximum(&window)
      } else {
        window.scale =
          pool.input.scale / pool.output.scale / Float(rows.counted * columns.counted)
        kernels.maps8.average(&window)
      }
    }
  }
}
