import CKernels
import Networks

extension Lowered {
  /// `scale[c] · x + shift[c]`, a batch norm that no convolution takes in.
  struct Scale: LoweredOperation {
    let scale, shift: [Double]
    /// Elements of a channel.
    let plane: Int
    var clamp = OutputClamp.none

    var mayRunInPlace: Bool { true }

    func ending(in clamp: OutputClamp) -> (any LoweredOperation)? {
      var clamped = self
      clamped.clamp = self.clamp.then(clamp)
      return clamped
    }

    func step(_ context: StepContext) -> any Step {
      ScaleStep(
        scale: scale.map(Float.init), shift: shift.map(Float.init),
        kernel: context.kernels.best { if case .scale(let run) = $0 { run } else { nil } },
        input: context.input, output: context.output, plane: plane, clamp: clamp)
    }

    func int8Form(_ context: Int8Context) -> Int8Form? {
      guard let output = context.output else { return nil }
      return Int8Form(to: output) {
        Int8ScaleStep(self, context.shape, from: context.input, to: output, $0)
      }
    }
  }
}

extension Lowering {
  /// Batch norm goes into the convolution before it, if nobody else reads that.
  mutating func lowerBatchNorm(_ node: Node, _ attributes: NodeOperation.BatchNorm) throws {
    let (scale, shift) = try normalization(node, attributes)
    if let index = soleProducer(of: node.inputs[0]),
      var convolution = graph.nodes[index].operation as? Lowered.Convolution,
      convolution.clamp == .none, !convolution.hasResidual, convolution.int8 == nil
    {
      let old = convolution.scale ?? scale.map { _ in 1 }
      convolution.scale = zip(old, scale).map(*)
      convolution.shift = zip(zip(convolution.shift, scale).map(*), shift).map(+)
      return fuse(node, into: index, as: convolution)
    }
    let input = network.shape(of: node.inputs[0])
    append(
      node, Lowered.Scale(scale: scale, shift: shift, plane: input.height * input.width))
  }

  /// Batch norm by running statistics as `scale · x + shift` for each channel.
  func normalization(
    _ node: Node, _ attributes: NodeOperation.BatchNorm
  ) throws -> (scale: [Double], shift: [Double]) {
    let gamma = try required(node, .weight).floats
    let beta = try required(node, .bias).floats
    let mean = try required(node, .runningMean).floats
    let variance = try required(node, .runningVariance).floats
    var scale: [Double] = [], shift: [Double] = []
    for channel in gamma.indices {
      let spread = Double(variance[channel]) + attributes.epsilon
      guard spread > 0 else {
        throw InferenceError.invalidVariance(node: node.name, channel: channel)
      }
      scale.append(Double(gamma[channel]) / spread.squareRoot())
      shift.append(Double(beta[channel]) - Double(mean[channel]) * scale[channel])
    }
    return (scale, shift)
  }
}

private struct ScaleStep: Step {
  let scale, shift: [Float]
  let kernel: Kernel.Map
  let input, output: Location
  let plane: Int
  let clamp: OutputClamp

  var algorithm: String { "scale, shift" + clamp.suffix }
  var weightBytes: Int { 8 * scale.count }

  func run(_ frame: Frame) {
    frame.tiles(items: scale.count, work: plane) { image, channels, _ in
      var map = cnn_f32_map()
      map.count = Int64(plane)
      map.clamp = clamp.bounds
      for channel in channels {
        map.input = frame.read(input, image: image) + channel * plane
        map.output = frame.write(output, image: image) + channel * plane
        map.scale = scale[channel]
        map.shift = shift[channel]
        kernel(&map)
      }
    }
  }
}

/// `y = (x − x₀) · s_x a / s_y + b / s_y`.
private struct Int8ScaleStep: Step {
  private let factors, shifts: [Float]
  private let shape: TensorShape
  private let inputZero: Int32
  private let grid: Grid
  private let clamp: OutputClamp
  private let kernel: Kernel.Maps8.Map
  private let input, output: Location

  init(
    _ scale: Lowered.Scale, _ shape: TensorShape, from input: Grid, to output: Grid,
    _ context: StepContext
  ) {
    factors = scale.scale.map { Float($0) * input.scale / output.scale }
    shifts = scale.shift.map { Float($0) / output.scale }
    self.shape = shape
    inputZero = Int32(input.zeroPoint)
    grid = output
    clamp = scale.clamp
    kernel = context.kernels.maps8.scale
    self.input = context.input
    self.output = context.output
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
          kernel(&map)
        }
      }
    }
  }
}
