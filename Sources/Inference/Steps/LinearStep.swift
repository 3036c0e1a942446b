import CKernels
import Tensors

/// `y = W x + b` with the weights where they lie, `[out, in]`: a batch of one streams them from
/// memory, a larger one reuses each row for several images while it is in the cache.
struct LinearStep: Step {
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
      whole.input_stride = Int64(input.imageStride)
      whole.output_stride = Int64(output.imageStride)
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
