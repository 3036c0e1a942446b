import CKernels
import Networks

extension Lowered {
  /// A feature map as a vector: of bytes `[pixel][channel]`, in the order of its planes.
  struct Flatten: LoweredOperation {
    var movesValues: Bool { true }
    var isFreeInFloats: Bool { true }

    func step(_ context: StepContext) -> any Step {
      preconditionFailure("floats need no flattening")
    }

    func int8Form(_ context: Int8Context) -> Int8Form? {
      Int8Form(to: context.input) { [shape = context.inputShapes[0]] in
        FlattenStep(
          shape: shape, kernels: $0.kernels, input: $0.input, output: $0.output)
      }
    }
  }
}

extension Lowering {
  /// Floats lie in planes already, and so do the bytes of one channel or of one pixel.
  mutating func lowerFlatten(_ node: Node) {
    let input = network.shape(of: node.inputs[0]), output = network.shape(of: node.name)
    guard grids[node.name] != nil, input.channels > 1, input.channels < output.channels else {
      return forward(node)
    }
    append(node, Lowered.Flatten())
  }
}

/// Bytes `[pixel][channel]` to bytes in planes.
private struct FlattenStep: Step {
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
