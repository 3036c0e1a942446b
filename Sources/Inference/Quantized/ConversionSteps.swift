import CKernels
import Networks

/// Floats in planes to bytes `[pixel][channel]`.
struct QuantizeStep: Step {
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

/// What lies `[pixel][channel]`, bytes or floats, to floats in planes.
struct PlanesStep: Step {
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

/// Bytes `[pixel][channel]` to bytes in planes.
struct FlattenStep: Step {
  let shape: TensorShape
  let kernels: KernelSet
  let input, output: Location

  var algorithm: String { "transpose" }

  func run(_ frame: Frame) {
    let plane = shape.height * shape.width
    frame.tiles(items: shape.channels, work: plane) { image, channels, _ in
      var map = cnn_u8_map()
      map.input = frame.readBytes(input, image: image) + channels.lowerBound
      map.input_stride = Int64(shape.channels)
      map.output = frame.writeBytes(output, image: image) + channels.lowerBound * plane
      map.plane_stride = Int64(plane)
      (map.pixels, map.channels) = (Int64(plane), Int64(channels.count))
      kernels.maps8.transpose(&map)
    }
  }
}

/// A function of each number, by its table of 256.
struct LookupStep: Step {
  let table: [UInt8]
  let name: String
  let count: Int
  let kernels: KernelSet
  let input, output: Location

  var algorithm: String { "\(name) by table" }

  func run(_ frame: Frame) {
    table.withUnsafeBufferPointer { table in
      let table = Table(address: table.baseAddress)
      frame.tiles(items: count, work: 1) { image, elements, _ in
        var map = cnn_u8_map()
        map.table = table.address
        map.input = frame.readBytes(input, image: image) + elements.lowerBound
        map.output = frame.writeBytes(output, image: image) + elements.lowerBound
        (map.pixels, map.channels) = (1, Int64(elements.count))
        kernels.maps8.lookup(&map)
      }
    }
  }

  private struct Table: @unchecked Sendable { let address: UnsafePointer<UInt8>? }
}
