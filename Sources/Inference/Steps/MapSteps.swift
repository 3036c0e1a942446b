import CKernels

/// An element-wise function of one value, which may be computed in place.
struct ActivationStep: Step {
  enum Function: Sendable {
    case relu, sigmoid, tanh

    /// The nearest float, from double precision.
    func value(_ x: Float) -> Float {
      switch self {
      case .relu: max(x, 0)
      case .sigmoid: Float(Reference.sigmoid(Double(x)))
      case .tanh: Float(Reference.hyperbolicTangent(Double(x)))
      }
    }
  }

  let function: Function
  let kernels: KernelSet
  let input, output: Location
  let count: Int

  var algorithm: String { "\(function)" }

  func run(_ frame: Frame) {
    let kernel =
      switch function {
      case .relu: kernels.clamp
      case .sigmoid: kernels.sigmoid
      case .tanh: kernels.tanh
      }
    frame.tiles(items: count, work: 1) { image, elements, _ in
      var map = cnn_f32_map()
      map.input = frame.read(input, image: image) + elements.lowerBound
      map.output = frame.write(output, image: image) + elements.lowerBound
      map.count = Int64(elements.count)
      map.clamp = OutputClamp.relu.bounds
      kernel(&map)
    }
  }
}

/// `scale[c] · x + shift[c]`, a batch norm that no convolution takes in, with its clamp.
struct ScaleStep: Step {
  let scale, shift: [Float]
  let kernels: KernelSet
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
        kernels.scale(&map)
      }
    }
  }
}

/// The sum of two or more values, with its clamp.
struct AddStep: Step {
  let kernels: KernelSet
  let inputs: [Location]
  let output: Location
  let count: Int
  let clamp: OutputClamp

  var algorithm: String { "add" + clamp.suffix }

  func run(_ frame: Frame) {
    frame.tiles(items: count, work: 1) { image, elements, _ in
      var map = cnn_f32_map()
      map.output = frame.write(output, image: image) + elements.lowerBound
      map.count = Int64(elements.count)
      map.input = frame.read(inputs[0], image: image) + elements.lowerBound
      for (index, other) in inputs.enumerated().dropFirst() {
        map.other = frame.read(other, image: image) + elements.lowerBound
        map.clamp = (index == inputs.count - 1 ? clamp : .none).bounds
        kernels.add(&map)
        map.input = UnsafePointer(map.output)
      }
    }
  }
}

/// A value brought into another's memory, where it could not be computed there.
struct CopyStep: Step {
  let input, output: Location
  let count: Int

  var algorithm: String { "copy" }

  func run(_ frame: Frame) {
    frame.tiles(items: count, work: 1) { image, elements, _ in
      let from = frame.read(input, image: image) + elements.lowerBound
      (frame.write(output, image: image) + elements.lowerBound)
        .update(from: from, count: elements.count)
    }
  }
}
