import CKernels
import Networks

/// Local response normalisation, some pixels of all channels at a time.
struct LocalResponseNormStep: Step {
  let attributes: NodeOperation.LocalResponseNorm
  let kernels: KernelSet
  let input, output: Location
  let shape: TensorShape

  /// Pixels in a tile: few enough that a window of channels stays in the first-level cache.
  private static let pixels = 512

  var algorithm: String { "local response norm" }
  var scratchCount: Int { Self.pixels }

  func run(_ frame: Frame) {
    let plane = shape.height * shape.width
    let tiles = (plane + Self.pixels - 1) / Self.pixels
    frame.team.parallelFor(tiles: tiles * frame.count) { tile, worker in
      let first = tile % tiles * Self.pixels, image = tile / tiles
      var norm = cnn_f32_lrn()
      norm.input = frame.read(input, image: image) + first
      norm.output = frame.write(output, image: image) + first
      norm.input_stride = Int64(plane)
      norm.output_stride = Int64(plane)
      norm.channels = Int64(shape.channels)
      norm.pixels = Int64(min(Self.pixels, plane - first))
      norm.size = Int64(attributes.size)
      norm.alpha = Float(attributes.alpha)
      norm.beta = Float(attributes.beta)
      norm.k = Float(attributes.k)
      norm.scratch = frame.scratch(worker)
      kernels.lrn(&norm)
    }
  }
}
