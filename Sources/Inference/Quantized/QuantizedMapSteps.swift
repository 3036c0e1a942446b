import CKernels
import Networks

/// A batch norm that no convolution took in, with its clamp: `y = (x − x₀) · s_x a / s_y + b / s_y`.
struct QuantizedScaleStep: Step {
  private let factors, shifts: [Float]
  private let shape: TensorShape
  private let inputZero: Int32
  private let grid: Grid
  private let clamp: OutputClamp
  private let kernels: KernelSet
  private let input, output: Location

  init(
    _ scale: QuantizedOperation.Scale, kernels: KernelSet, input: Location, output: Location
  ) {
    factors = scale.scale.map { Float($0) * scale.input.scale / scale.output.scale }
    shifts = scale.shift.map { Float($0) / scale.output.scale }
    shape = scale.shape
    inputZero = Int32(scale.input.zeroPoint)
    grid = scale.output
    clamp = scale.clamp
    self.kernels = kernels
    self.input = input
    self.output = output
  }

  var algorithm: String { "scale, shift" }
  var weightBytes: Int { 8 * factors.count }

  func run(_ frame: Frame) {
    frame.tiles(items: shape.height * shape.width, work: shape.channels) { image, pixels, _ in
      let first = pixels.lowerBound * shape.channels
      var map = cnn_u8_map()
      map.input = frame.readBytes(input, image: image) + first
      map.output = frame.writeBytes(output, image: image) + first
      map.input_stride = Int64(shape.channels)
      map.output_stride = Int64(shape.channels)
      (map.pixels, map.channels) = (Int64(pixels.count), Int64(shape.channels))
      map.input_zero = inputZero
      map.rounding = grid.rounding(clamp)
      factors.withUnsafeBufferPointer { factors in
        shifts.withUnsafeBufferPointer { shifts in
          (map.factors, map.shifts) = (factors.baseAddress, shifts.baseAddress)
          kernels.maps8.scale(&map)
        }
      }
    }
  }
}

/// The rounded sum of two or more values, with its clamp.
struct QuantizedAddStep: Step {
  let add: QuantizedOperation.Add
  let kernels: KernelSet
  let inputs: [Location]
  let output: Location

  var algorithm: String { "add" + add.clamp.suffix }

  func run(_ frame: Frame) {
    let scales = add.inputs.map { $0.scale / add.output.scale }
    let zeros = add.inputs.map { Int32($0.zeroPoint) }
    frame.tiles(items: add.count, work: inputs.count) { image, elements, _ in
      let addresses: [UnsafePointer<UInt8>?] = inputs.map {
        frame.readBytes($0, image: image) + elements.lowerBound
      }
      var sum = cnn_u8_add()
      sum.output = frame.writeBytes(output, image: image) + elements.lowerBound
      (sum.count, sum.elements) = (Int64(inputs.count), Int64(elements.count))
      sum.rounding = add.output.rounding(add.clamp)
      addresses.withUnsafeBufferPointer { addresses in
        scales.withUnsafeBufferPointer { scales in
          zeros.withUnsafeBufferPointer { zeros in
            sum.inputs = addresses.baseAddress
            (sum.scales, sum.zeros) = (scales.baseAddress, zeros.baseAddress)
            kernels.maps8.add(&sum)
          }
        }
      }
    }
  }
}

/// Channels joined, each input rounded to the common grid.
struct QuantizedConcatStep: Step {
  private let shape: TensorShape
  /// The first channel of each input, the number of its channels, and its table, nil for one that is
  /// on the common grid.
  private let parts: [(first: Int, channels: Int, table: [UInt8]?, input: Location)]
  private let kernels: KernelSet
  private let output: Location

  init(
    _ concat: QuantizedOperation.Concat, kernels: KernelSet, inputs: [Location], output: Location
  ) {
    shape = concat.shape
    self.kernels = kernels
    self.output = output
    var first = 0
    parts = zip(zip(concat.channels, concat.inputs), inputs).map { part, input in
      defer { first += part.0 }
      let table = part.1 == concat.output ? nil : part.1.table(to: concat.output)
      return (first, part.0, table, input)
    }
  }

  var algorithm: String { "concat" }

  func run(_ frame: Frame) {
    frame.tiles(items: shape.height * shape.width, work: shape.channels) { image, pixels, _ in
      for part in parts {
        let from =
          frame.readBytes(part.input, image: image) + pixels.lowerBound * part.channels
        let to =
          frame.writeBytes(output, image: image) + pixels.lowerBound * shape.channels + part.first
        guard let table = part.table else {
          for pixel in 0..<pixels.count {
            (to + pixel * shape.channels)
              .update(from: from + pixel * part.channels, count: part.channels)
          }
          continue
        }
        var map = cnn_u8_map()
        (map.input, map.output) = (from, to)
        map.input_stride = Int64(part.channels)
        map.output_stride = Int64(shape.channels)
        (map.pixels, map.channels) = (Int64(pixels.count), Int64(part.channels))
        table.withUnsafeBufferPointer {
          map.table = $0.baseAddress
          kernels.maps8.lookup(&map)
        }
      }
    }
  }
}
