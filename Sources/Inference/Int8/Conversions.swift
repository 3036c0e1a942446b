import CKernels
import Networks

extension Int8Form {
  /// Floats in planes to bytes `[pixel][channel]`.
  static func quantize(to grid: Grid, _ shape: TensorShape) -> Int8Form {
    Int8Form(to: grid) {
      QuantizeStep(
        grid: grid, shape: shape, kernels: $0.kernels, input: $0.input, output: $0.output)
    }
  }

  /// Bytes `[pixel][channel]` to floats in planes.
  static func dequantize(from grid: Grid, _ shape: TensorShape) -> Int8Form {
    Int8Form(to: nil) {
      PlanesStep(
        source: .bytes(grid), shape: shape, kernels: $0.kernels, input: $0.input,
        output: $0.output)
    }
  }

  /// Floats `[pixel][channel]` to floats in planes.
  static func planes(_ shape: TensorShape) -> Int8Form {
    Int8Form(to: nil) {
      PlanesStep(
        source: .floats, shape: shape, kernels: $0.kernels, input: $0.input, output: $0.output)
    }
  }
}

private struct QuantizeStep: Step {
  let grid: Grid
  let shape: TensorShape
  let kernels: KernelSet
  let input, output: Location

  var algorithm: String { "quantize" }

  func run(_ frame: Frame) {
    let plane = shape.height * shape.width
    frame.tiles(items: plane, work: shape.channels) { image, pixels, _ in
      var map = cnn_u8_map()
      map.floats = frame.read(input, image: image) + pixels.lowerBound
      map.plane_stride = Int64(plane)
      map.output = frame.writeBytes(output, image: image) + pixels.lowerBound * shape.channels
      map.output_stride = Int64(shape.channels)
      (map.pixels, map.channels) = (Int64(pixels.count), Int64(shape.channels))
      map.scale = grid.scale
      map.rounding = grid.rounding()
      kernels.maps8.quantize(&map)
    }
  }
}

private struct PlanesStep: Step {
  enum Source: Sendable {
    case bytes(Grid)
    case floats
  }

  let source: Source
  let shape: TensorShape
  let kernels: KernelSet
  let input, output: Location

  var algorithm: String {
    switch source {
    case .bytes: "dequantize"
    case .floats: "transpose"
    }
  }

  func run(_ frame: Frame) {
    let plane = shape.height * shape.width
    frame.tiles(items: plane, work: shape.channels) { image, pixels, _ in
      var map = cnn_u8_map()
      map.planes = frame.write(output, image: image) + pixels.lowerBound
      map.plane_stride = Int64(plane)
      map.input_stride = Int64(shape.channels)
      (map.pixels, map.channels) = (Int64(pixels.count), Int64(shape.channels))
      let first = pixels.lowerBound * shape.channels
      switch source {
      case .bytes(let grid):
        map.input = frame.readBytes(input, image: image) + first
        map.input_zero = Int32(grid.zeroPoint)
        map.scale = grid.scale
        kernels.maps8.dequantize(&map)
      case .floats:
        map.floats = frame.read(input, image: image) + first
        kernels.maps8.planes(&map)
      }
    }
  }
}
