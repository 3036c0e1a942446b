import CKernels
import Networks

extension Lowered {
  /// Local response normalisation, which has no int8 form.
  struct LocalResponseNorm: LoweredOperation {
    let attributes: NodeOperation.LocalResponseNorm
    let shape: TensorShape

    func step(_ context: StepContext) -> any Step {
      LocalResponseNormStep(
        attributes: attributes,
        kernel: context.kernels.best { if case .lrn(let run) = $0 { run } else { nil } },
        input: context.input, output: context.output, shape: shape)
    }
  }
}

extension Lowering {
  mutating func lowerLocalResponseNorm(
    _ node: Node, _ attributes: NodeOperation.LocalResponseNorm
  ) {
    append(
      node,
      Lowered.LocalResponseNorm(attributes: attributes, shape: network.shape(of: node.inputs[0])))
  }
}

/// Some pixels of all channels at a time.
private struct LocalResponseNormStep: Step {
  let attributes: NodeOperation.LocalResponseNorm
  let kernel: Kernel.LRN
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
      kernel(&norm)
    }
  }
}
