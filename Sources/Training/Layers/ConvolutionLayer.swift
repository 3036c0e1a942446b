internal import COneDNN
internal import Networks

/// 2-D cross-correlation, optionally with a ReLU fused behind it.
///
/// Source, weights and result are in the layouts that oneDNN's implementation asks for; it is
/// oneDNN's `convolution_auto` that chooses between direct and Winograd, by shape and ISA only.
final class ConvolutionLayer: Layer {
  let output: Memory
  private let node: Node
  private let source: Memory
  private let window: cnn_window
  private let weight: ParameterState
  private let bias: ParameterState?
  private let extents: Extents
  private let descriptor: PrimitiveDescriptor

  private struct Extents {
    let source, weight, bias, output: [Int]
  }

  init(
    _ node: Node, _ attributes: Operation.Convolution, input: Memory, fusesReLU: Bool,
    in graph: GraphBuilder
  ) throws {
    self.node = node
    window = cnn_window(attributes)
    extents = Extents(
      source: graph.extents(of: node.inputs[0]),
      weight: graph.weightExtents(node, attributes), bias: [attributes.outputChannels],
      output: graph.extents(of: node.name))
    weight = try graph.parameters.state(node.name, .weight)
    bias = attributes.bias ? try graph.parameters.state(node.name, .bias) : nil
    descriptor = try Self.forward(
      node, extents, window, hasBias: attributes.bias, fusesReLU, graph)
    source = try graph.reordered(
      input, to: descriptor.layout(dnnl_query_src_md), node: node.name)
    let wanted = try descriptor.layout(dnnl_query_weights_md)
    try weight.adopt(wanted, graph.engine)
    let weights = try graph.reordered(weight.value, to: wanted, node: node.name)
    output = try graph.memory(descriptor.layout(dnnl_query_dst_md))
    var arguments = [
      (DNNL_ARG_SRC, source), (DNNL_ARG_WEIGHTS, weights), (DNNL_ARG_DST, output),
    ]
    if let bias {
      try bias.adopt(.plain(extents.bias), graph.engine)
      arguments.append((DNNL_ARG_BIAS, bias.value))
    }
    try graph.emit(descriptor, node.name, "forward", arguments)
    graph.releaseTemporaries([source, weights], unless: [input, weight.value])
  }

  private static func forward(
    _ node: Node, _ extents: Extents, _ window: cnn_window, hasBias: Bool, _ fusesReLU: Bool,
    _ graph: GraphBuilder
  ) throws -> PrimitiveDescriptor {
    var source = try Layout.any(extents.source).descriptor
    var weights = try Layout.any(extents.weight).descriptor
    var bias = try Layout.plain(extents.bias).descriptor
    var target = try Layout.any(extents.output).descriptor
    var window = window
    let attributes = try Engine.attributes(relu: fusesReLU)
    defer { dnnl_primitive_attr_destroy(attributes) }
    let propagation =
      graph.mode == .training ? dnnl_forward_training : dnnl_forward_inference
    return try PrimitiveDescriptor(node: node.name, "convolution") { created in
      withUnsafePointer(to: &bias) { bias in
        cnn_convolution_forward(
          &created, graph.engine.handle, attributes, propagation, dnnl_convolution_auto, &source,
          &weights, hasBias ? bias : nil, &target, &window)
      }
    }
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    try makeWeightGradient(gradient, graph)
    return [needed[0] ? try makeSourceGradient(gradient, graph) : nil]
  }

  private func makeWeightGradient(_ gradient: Memory, _ graph: GraphBuilder) throws {
    guard weight.isTrained else { return }
    var source = try Layout.any(extents.source).descriptor
    var weights = try Layout.any(extents.weight).descriptor
    var biasLayout = try Layout.plain(extents.bias).descriptor
    var target = try Layout.any(extents.output).descriptor
    var window = window
    let hasBias = bias != nil
    let descriptor = try PrimitiveDescriptor(node: node.name, "convolution backward weights") {
      created in
      withUnsafePointer(to: &biasLayout) { biasLayout in
        cnn_convolution_backward_weights(
          &created, graph.engine.handle, graph.engine.attributes, dnnl_convolution_auto, &source,
          &weights, hasBias ? biasLayout : nil, &target, &window, self.descriptor.handle)
      }
    }
    let sourceCopy = try graph.reordered(
      self.source, to: descriptor.layout(dnnl_query_src_md), node: node.name)
    let gradientCopy = try graph.reordered(
      gradient, to: descriptor.layout(dnnl_query_diff_dst_md), node: node.name)
    let result = try weight.gradientTarget(
      descriptor.layout(dnnl_query_diff_weights_md), graph)
    var arguments = [
      (DNNL_ARG_SRC, sourceCopy), (DNNL_ARG_DIFF_DST, gradientCopy),
      (DNNL_ARG_DIFF_WEIGHTS, result),
    ]
    if let bias { arguments.append((DNNL_ARG_DIFF_BIAS, try bias.gradient(graph.engine))) }
    try graph.emit(descriptor, node.name, "backward weights", arguments)
    try weight.finishGradient(result, graph, node: node.name)
    graph.releaseTemporaries([sourceCopy, gradientCopy], unless: [self.source, gradient])
  }

  private func makeSourceGradient(_ gradient: Memory, _ graph: GraphBuilder) throws -> Memory {
    var source = try Layout.any(extents.source).descriptor
    var weights = try Layout.any(extents.weight).descriptor
    var target = try Layout.any(extents.output).descriptor
    var window = window
    let descriptor = try PrimitiveDescriptor(node: node.name, "convolution backward data") {
      cnn_convolution_backward_data(
        &$0, graph.engine.handle, graph.engine.attributes, dnnl_convolution_auto, &source, &weights,
        &target, &window, self.descriptor.handle)
    }
    let gradientCopy = try graph.reordered(
      gradient, to: descriptor.layout(dnnl_query_diff_dst_md), node: node.name)
    let weightsCopy = try graph.reordered(
      weight.value, to: descriptor.layout(dnnl_query_weights_md), node: node.name)
    let result = try graph.memory(descriptor.layout(dnnl_query_diff_src_md))
    try graph.emit(
      descriptor, node.name, "backward data",
      [
        (DNNL_ARG_DIFF_DST, gradientCopy), (DNNL_ARG_WEIGHTS, weightsCopy),
        (DNNL_ARG_DIFF_SRC, result),
      ])
    graph.releaseTemporaries([gradientCopy, weightsCopy], unless: [gradient, weight.value])
    return result
  }
}

extension GraphBuilder {
  fileprivate func weightExtents(_ node: Node, _ attributes: Operation.Convolution) -> [Int] {
    let shape = network.parameters(of: node)[0].shape
    guard attributes.groups > 1 else { return shape }
    return [attributes.groups, shape[0] / attributes.groups] + shape.dropFirst()
  }
}

extension cnn_window {
  init(_ attributes: Operation.Convolution) {
    self.init()
    let dilation = Extent(
      height: attributes.dilation.height - 1, width: attributes.dilation.width - 1)
    setPairs(
      kernel: attributes.kernelSize, stride: attributes.stride, dilation: dilation,
      before: attributes.padding, after: attributes.padding)
  }

  /// oneDNN wants padding for a last window that hangs over the edge (ceil mode).
  init(_ window: Operation.Pooling, input: TensorShape, output: TensorShape) {
    self.init()
    func after(_ size: Int, _ count: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Int {
      max(padding, (count - 1) * stride + kernel - size - padding)
    }
    let padding = Extent(
      height: after(
        input.height, output.height, window.kernelSize.height, window.stride.height,
        window.padding.height),
      width: after(
        input.width, output.width, window.kernelSize.width, window.stride.width,
        window.padding.width))
    setPairs(
      kernel: window.kernelSize, stride: window.stride, dilation: 0, before: window.padding,
      after: window.ceilMode ? padding : window.padding)
  }

  private mutating func setPairs(
    kernel: Extent, stride: Extent, dilation: Extent, before: Extent, after: Extent
  ) {
    self.kernel.0 = dnnl_dim_t(kernel.height)
    self.kernel.1 = dnnl_dim_t(kernel.width)
    strides.0 = dnnl_dim_t(stride.height)
    strides.1 = dnnl_dim_t(stride.width)
    dilates.0 = dnnl_dim_t(dilation.height)
    dilates.1 = dnnl_dim_t(dilation.width)
    padding_l.0 = dnnl_dim_t(before.height)
    padding_l.1 = dnnl_dim_t(before.width)
    padding_r.0 = dnnl_dim_t(after.height)
    padding_r.1 = dnnl_dim_t(after.width)
  }
}
