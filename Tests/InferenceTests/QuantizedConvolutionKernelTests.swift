import CKernels
import Inference
import TestSupport
import Testing

private let kernels = Kernel.all.filter { ISA.available.contains($0.isa) }

@Suite("Every int8 convolution against its formula, next to guard pages")
struct QuantizedConvolutionKernelTests: RoundingToBytes {
  @Test(
    "Windows of every tile size, of runs that groups divide and not", arguments: GuardSide.allCases)
  func convolution(side: GuardSide) {
    for kernel in kernels {
      guard case .convolution8(let convolution) = kernel.function else { continue }
      for pixels in 1...convolution.pixels {
        for channels in Set([1, 3, convolution.channels / 2, convolution.channels]) {
          check(
            kernel.name, convolution,
            Window(
              rows: 1 + pixels % 3, pixels: pixels, channels: channels, runLength: 1 + pixels % 9),
            side)
        }
      }
      // Runs of several steps.
      for (index, length) in [63, 64, 65, 130].enumerated() {
        let pixels = max(1, convolution.pixels - 5 * index)
        check(
          kernel.name, convolution,
          Window(rows: 3, pixels: pixels, channels: convolution.channels - 1, runLength: length),
          side)
      }
    }
  }

  /// Rows of pixels with a gap between them.
  private struct Window {
    let rows, pixels, channels, runLength: Int
    let runs = 3, stride = 2

    var pitch: Int { pixels + 1 }
    /// Of all pixels, with the gaps.
    var count: Int { (rows - 1) * pitch + pixels }
  }

  private func check(
    _ name: String, _ kernel: Kernel.Convolution8, _ window: Window, _ side: GuardSide
  ) {
    if kernel.elementSize == 1 {
      check(name, kernel, window, UInt8.self, side)
    } else {
      check(name, kernel, window, Int16.self, side)
    }
  }

  private func check<Element: FixedWidthInteger & BitwiseCopyable>(
    _ name: String, _ kernel: Kernel.Convolution8, _ window: Window, _: Element.Type,
    _ side: GuardSide
  ) {
    var random = SeededGenerator(seed: UInt64(window.pixels * 1000 + window.channels))
    let group = kernel.group
    let groups = (window.runLength + kernel.step - 1) / kernel.step * kernel.groupsOfStep
    let rowStride = window.pixels * window.stride + window.runLength
    let runs = (0..<window.runs).map { Int64($0 * rowStride) }
    // Up to what the last step of the last pixel's last run reaches.
    let length =
      (window.rows + window.runs - 2) * rowStride + (window.pixels - 1) * window.stride
      + groups * group
    let x = bytes(length, Element(0)...Element(255), &random)
    let filters = bytes(
      window.channels * window.runs * window.runLength, Int8(-127)...127, &random)
    var packed = [Int8](repeating: 0, count: window.runs * groups * group * kernel.channels)
    for channel in 0..<window.channels {
      for index in 0..<window.runs * window.runLength {
        let (run, element) = index.quotientAndRemainder(dividingBy: window.runLength)
        let place = (run * groups + element / group) * kernel.channels + channel
        packed[place * group + element % group] =
          filters[channel * window.runs * window.runLength + index]
      }
    }
    let b = bytes(kernel.channels, Int32(-9999)...9999, &random)
    let scales = (0..<kernel.channels).map { 0.001 + Float($0) * 0x1p-12 }
    let others = bytes(window.count * window.channels, UInt8.min...255, &random)
    let input = Guarded(x, side), weights = Guarded(packed, side), bias = Guarded(b, side)
    let scale = Guarded(scales, side), residual = Guarded(others, side)
    let found = Guarded<UInt8>(zeros: window.count * window.channels, side)
    let floats = GuardedFloats(zeros: window.count * window.channels, side)
    var tile = cnn_u8_conv()
    tile.input = UnsafeRawPointer(input.address)
    (tile.pixel_stride, tile.row_stride) = (Int64(window.stride), Int64(rowStride))
    (tile.rows, tile.pitch) = (Int64(window.rows), Int64(window.pitch))
    (tile.run_count, tile.run_groups) = (Int64(window.runs), Int64(groups))
    tile.weights = UnsafePointer(weights.address)
    tile.bias = UnsafePointer(bias.address)
    (tile.pixels, tile.channels) = (Int64(window.pixels), Int64(window.channels))
    tile.output_stride = Int64(window.channels)
    tile.residual_stride = Int64(window.channels)
    (tile.residual_zero, tile.residual_scale) = (7, 0.375)
    // Nil in the gap between rows.
    let expected = (0..<window.count * window.channels).map { place -> Float? in
      let (pixel, channel) = place.quotientAndRemainder(dividingBy: window.channels)
      let (row, column) = pixel.quotientAndRemainder(dividingBy: window.pitch)
      guard column < window.pixels else { return nil }
      let first = row * rowStride + column * window.stride
      let sum = (0..<window.runs * window.runLength).reduce(Int(b[channel])) {
        let (run, element) = $1.quotientAndRemainder(dividingBy: window.runLength)
        return $0 + Int(x[Int(runs[run]) + first + element])
          * Int(filters[channel * window.runs * window.runLength + $1])
      }
      return Float(sum) * scales[channel]
    }
    for rounding in roundings {
      tile.rounding = rounding
      tile.rounding.scale = UnsafePointer(scale.address)
      runs.withUnsafeBufferPointer { runs in
        tile.runs = runs.baseAddress
        (tile.output, tile.residual) = (found.address, UnsafePointer(residual.address))
        tile.floats = nil
        kernel.run(&tile)
        (tile.output, tile.residual, tile.floats) = (nil, nil, floats.address)
        kernel.run(&tile)
      }
      let bytes = zip(expected, others).map { value, other in
        value.map { rounded($0 + Float(Int(other) - 7) * 0.375, rounding) } ?? 0
      }
      #expect(found.values == bytes, "\(name) \(window)")
      let limits = expected.map { value in value.map { limited($0, rounding) } ?? 0 }
      #expect(floats.values == limits, "\(name) \(window)")
    }
  }
}
