import CKernels
import Networks
import Tensors

extension Lowered {
  /// A linear layer with the clamp that follows it.
  struct Linear: LoweredOperation {
    let weights: Tensor
    let bias: [Float]
    var clamp = OutputClamp.none
    /// The same in int8; nil for what runs in floats.
    let int8: Int8Filters?

    func ending(in clamp: OutputClamp) -> (any LoweredOperation)? {
      var clamped = self
      clamped.clamp = self.clamp.then(clamp)
      return clamped
    }

    func step(_ context: StepContext) throws -> any Step {
      LinearStep(
        weights: weights, bias: try AlignedFloats(bias), kernels: context.kernels,
        input: context.input, output: context.output, inputFeatures: weights.shape[1],
        outputFeatures: weights.shape[0], clamp: clamp)
    }

    func int8Form(_ context: Int8Context) -> Int8Form? {
      guard let int8 else { return nil }
      return Int8Form(to: context.output) {
        try Int8LinearStep(int8, clamp: clamp, to: context.output, $0)
      }
    }
  }
}

extension Lowering {
  mutating func lowerLinear(_ node: Node) throws {
    let int8 = try int8Filters(node)
    let weights = try int8?.weights ?? required(node, .weight)
    let bias = try tensor(node, .bias)?.floats ?? Array(repeating: 0, count: weights.shape[0])
    append(node, Lowered.Linear(weights: weights, bias: bias, int8: int8))
  }
}

/// `y = W x + b` with the weights where they lie, `[out, in]`: a batch of one streams them from
/// memory, a larger one reuses each row for several images while it is in the cache.
private struct LinearStep: Step {
  let weights: Tensor
  let bias: AlignedFloats
  let kernels: KernelSet
  let input, output: Location
  let inputFeatures, outputFeatures: Int
  let clamp: OutputClamp

  /// Rows of weights in a tile.
  private static let rows = 16

  var algorithm: String { "rows \(kernels.dotName)" }
  var weightBytes: Int { weights.byteCount + 4 * outputFeatures }

  func run(_ frame: Frame) {
    weights.withFloats { weights in
      guard let base = weights.baseAddress else { return }
      var whole = cnn_f32_dot()
      whole.weights = base
      whole.weight_stride = Int64(inputFeatures)
      whole.input_stride = Int64(input.imageStride / MemoryLayout<Float>.stride)
      whole.output_stride = Int64(output.imageStride / MemoryLayout<Float>.stride)
      whole.depth = Int64(inputFeatures)
      whole.images = Int64(frame.count)
      whole.inputs = frame.read(input, image: 0)
      whole.clamp = clamp.bounds
      run(whole, frame)
    }
  }

  private func run(_ whole: cnn_f32_dot, _ frame: Frame) {
    let tiles = (outputFeatures + Self.rows - 1) / Self.rows
    let output = frame.write(output, image: 0)
    frame.team.parallelFor(tiles: tiles) { index, _ in
      let first = index * Self.rows
      var tile = whole
      tile.weights = whole.weights + first * inputFeatures
      tile.bias = UnsafePointer(bias.address) + first
      tile.output = output + first
      tile.rows = Int64(min(Self.rows, outputFeatures - first))
      kernels.dot(&tile)
    }
  }
}
