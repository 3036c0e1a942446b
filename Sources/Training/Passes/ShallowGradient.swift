internal import CKernels
internal import Networks

/// The gradient by the 3×3 filters of a convolution over few channels, which a network's first is. It reads
/// the result's gradient in either type: oneDNN's is slower in bfloat16 than in fp32, and a conversion of
/// a first layer's many pixels costs as much as the sums.
struct ShallowGradient {
  private let node: String
  private let convolution: NodeOperation.Convolution
  /// `[N, C, H, W]`.
  private let input, output: [Int]

  /// Whether there is a kernel for a convolution's shape.
  static func fits(
    _ attributes: NodeOperation.Convolution, input: TensorShape, output: TensorShape
  ) -> Bool {
    let isSquare = attributes.stride.height == attributes.stride.width
    return isSquare && attributes.kernelSize == 3 && [1, 3].contains(input.channels)
      && attributes.dilation == 1 && attributes.groups == 1 && output.channels % 16 == 0
      && VectorKernels.runsWideKernels
  }

  init(_ node: Node, _ attributes: NodeOperation.Convolution, in graph: GraphBuilder) {
    self.node = node.name
    convolution = attributes
    input = graph.extents(of: node.inputs[0])
    output = graph.extents(of: node.name)
  }

  /// Emits the pass that gives the weights' and the bias' gradients, in fp32.
  ///
  /// - Parameters:
  ///   - parts: The parameters.
  ///   - images: The layer's input.
  ///   - gradient: The loss's by the layer's output.
  ///   - graph: The graph that is built.
  /// - Returns: The gradient as it was read.
  /// - Throws: `TrainingError.oneDNN`.
  func emit(
    _ parts: WeightedLayer, images: Memory, gradient: Memory, in graph: GraphBuilder
  ) throws -> Memory {
    let plain = try graph.reordered(images, to: .plain(input), node: node)
    let slopes = try graph.inChannelBlocks(gradient, node: node)
    let blocks = try ChannelBlocks(slopes, node: node)
    let weight = parts.weight
    let target = try weight.gradientTarget(.plain(weight.parameter.shape), graph)
    let bias = try parts.bias?.gradient(graph.engine)
    let sums = try graph.memory(.plain([output[0] * output[1] / 16, sumCount]))
    graph.emit(node, "backward weights shallow") {
      sumImages(plain, blocks, into: sums.floats)
      total(sums.floats, into: target.floats, bias: bias?.floats)
    }
    try weight.finishGradient(target, graph, node: node)
    graph.release(sums)
    graph.releaseTemporaries([plain], unless: [images])
    return slopes
  }

  private var taps: Int { input[1] * 9 }

  /// Floats that the kernel writes: the sums of 16 outputs for every tap, and for the bias.
  private var sumCount: Int { (taps + 1) * 16 }

  private func sumImages(
    _ images: Memory, _ slopes: ChannelBlocks, into sums: UnsafeMutableBufferPointer<Float>
  ) {
    guard let pixels = images.floats.baseAddress, let sums = sums.baseAddress else { return }
    let blocks = output[1] / 16
    parallelForEach(output[0] * blocks) { item in
      let (image, block) = item.quotientAndRemainder(dividingBy: blocks)
      var task = kernelTask
      task.image = UnsafePointer(pixels + image * input.dropFirst().reduce(1, *))
      task.slopes = UnsafeRawPointer(slopes.address(image: image, block: block))
      task.pixel_stride = Int64(slopes.pixelStride)
      task.is_bfloat16 = slopes.isBFloat16
      task.sums = sums + item * sumCount
      cnn_f32_shallow_gradient_16_wide(&task)
    }
  }

  private var kernelTask: cnn_f32_shallow_gradient {
    var task = cnn_f32_shallow_gradient()
    task.channels = Int64(input[1])
    (task.height, task.width) = (Int64(input[2]), Int64(input[3]))
    (task.output_height, task.output_width) = (Int64(output[2]), Int64(output[3]))
    task.stride = Int64(convolution.stride.height)
    task.padding_y = Int64(convolution.padding.height)
    task.padding_x = Int64(convolution.padding.width)
    return task
  }

  /// Adds the images' sums to `[O][C][3][3]` and `[O]`, in their order whatever the number of threads.
  private func total(
    _ sums: UnsafeMutableBufferPointer<Float>, into weights: UnsafeMutableBufferPointer<Float>,
    bias: UnsafeMutableBufferPointer<Float>?
  ) {
    let outputs = output[1]
    for channel in 0..<outputs {
      for tap in 0...taps {
        var sum: Float = 0
        for image in 0..<output[0] {
          sum += sums[(image * outputs / 16 + channel / 16) * sumCount + tap * 16 + channel % 16]
        }
        if tap < taps {
          weights[channel * taps + tap] = sum
        } else {
          bias?[channel] = sum
        }
      }
    }
  }
}
