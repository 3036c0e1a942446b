internal import CKernels
internal import COneDNN
internal import Networks

extension GraphBuilder {
  /// The layer of a maximum over a window: ours where it has a kernel, else oneDNN's.
  func makeMaxPool(_ node: Node, _ window: NodeOperation.Pooling, input: Memory) throws -> any Layer
  {
    if let layer = try MaxPoolLayer(node, window, input: input, in: self) { return layer }
    return try PoolingLayer(node, window, isMaximum: true, input: input, in: self)
  }

  /// Whether a node is a ReLU whose only reader takes maxima of it. Such a maximum is positive where
  /// the element that it came from is: the pool's layer lets the gradient through both, before it
  /// spreads it over the many elements that get none.
  func isReLUBeforeMaximum(_ node: Node) -> Bool {
    node.operation == .relu && consumerCount(of: node.name) == 1
      && network.nodes.contains { reader in
        guard case .maxPool = reader.operation else { return false }
        return reader.inputs == [node.name]
      }
  }
}

/// Maximum over a window of feature maps whose channels lie together, as those of oneDNN's fast
/// convolutions do. Unlike oneDNN's, its backward pass writes every element once, instead of clearing
/// the gradient and adding to it.
final class MaxPoolLayer: Layer {
  let output: Memory
  private let node: Node
  private let source: Layout
  private let task: MaxPoolTask

  /// nil where the input has another layout, the processor other vectors, or a window more than 256
  /// places: oneDNN's serves then.
  init?(_ node: Node, _ window: NodeOperation.Pooling, input: Memory, in graph: GraphBuilder) throws
  {
    let extents = graph.extents(of: node.name)
    guard VectorKernels.runsWideKernels, window.kernelSize.height * window.kernelSize.width <= 256,
      let tag = input.layout.channelTag, tag != dnnl_nChw8c, extents[1] % 16 == 0
    else { return nil }
    self.node = node
    source = input.layout
    let channels = tag == dnnl_nChw16c ? 16 : extents[1]
    let isTraining = graph.mode == .training
    let task = MaxPoolTask(
      pool: cnn_maxpool(window, input: source.extents, output: extents, channels: channels),
      parts: extents[0] * extents[1] / channels, element: source.element,
      places: isTraining ? try Buffer(byteCount: extents.reduce(1, *)) : nil)
    self.task = task
    let output = try graph.memory(Layout(extents, tag: tag, source.element))
    self.output = output
    graph.emit(node.name, "forward") { task.takeMaxima(of: input, into: output) }
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    guard needed[0] else { return [nil] }
    let slopes = try graph.gradientOfMaximum(node, output, gradient)
    let result = try graph.memory(source)
    let task = task
    graph.emit(node.name, "backward") { task.spread(slopes, into: result) }
    graph.releaseTemporaries([slopes], unless: [gradient])
    return [result]
  }
}

private struct MaxPoolTask {
  /// Of one part.
  let pool: cnn_maxpool
  /// Images, or blocks of channels of images.
  let parts: Int
  let element: Layout.Element
  /// Where in its window each maximum was, a byte each; nil in inference.
  let places: Buffer?

  func takeMaxima(of maps: Memory, into maxima: Memory) {
    run(maps, maxima) { pool in
      element == .bfloat16
        ? cnn_bf16_maxpool_blocks_16_wide(pool) : cnn_f32_maxpool_blocks_16_wide(pool)
    }
  }

  /// The gradient by maxima into that by the maps.
  func spread(_ slopes: Memory, into maps: Memory) {
    run(maps, slopes) { pool in
      element == .bfloat16
        ? cnn_bf16_maxpool_blocks_gradient_16_wide(pool)
        : cnn_f32_maxpool_blocks_gradient_16_wide(pool)
    }
  }

  private func run(
    _ maps: Memory, _ results: Memory, _ kernel: (UnsafePointer<cnn_maxpool>) -> Void
  ) {
    let bytes = element == .bfloat16 ? 2 : 4
    let whole = Int(pool.height * pool.width * pool.channels)
    let pooled = Int(pool.output_height * pool.output_width * pool.channels)
    parallelForEach(parts) { part in
      var pool = pool
      pool.maps = maps.buffer.address + part * whole * bytes
      pool.results = results.buffer.address + part * pooled * bytes
      pool.places = places.map { $0.address.assumingMemoryBound(to: UInt8.self) + part * pooled }
      kernel(&pool)
    }
  }
}

extension cnn_maxpool {
  fileprivate init(
    _ window: NodeOperation.Pooling, input: [Int], output: [Int], channels: Int
  ) {
    self.init()
    self.channels = Int64(channels)
    (height, width) = (Int64(input[2]), Int64(input[3]))
    (output_height, output_width) = (Int64(output[2]), Int64(output[3]))
    (kernel_y, kernel_x) = (Int64(window.kernelSize.height), Int64(window.kernelSize.width))
    (stride_y, stride_x) = (Int64(window.stride.height), Int64(window.stride.width))
    (padding_y, padding_x) = (Int64(window.padding.height), Int64(window.padding.width))
  }
}

extension GraphBuilder {
  /// The gradient by maxima in their layout, gone through the ReLU before them already where
  /// `isReLUBeforeMaximum`: the buffer of `gradient` without a further reference, overwritten if this is
  /// its only reader, or a copy.
  func gradientOfMaximum(_ node: Node, _ maxima: Memory, _ gradient: Memory) throws -> Memory {
    let incoming = try reordered(gradient, to: maxima.layout, node: node.name)
    let source = network.nodes.first { $0.name == node.inputs[0] }
    guard let source, isReLUBeforeMaximum(source) else { return incoming }
    let isOwn = incoming.buffer !== gradient.buffer || isSoleReader(of: gradient)
    let result = isOwn ? incoming : try memory(maxima.layout)
    try ActivationLayer.Function.relu.emitBackward(
      source.name, maxima, gradient: incoming, into: result, in: self)
    return result
  }
}
