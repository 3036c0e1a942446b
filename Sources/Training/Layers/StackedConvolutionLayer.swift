internal import COneDNN
internal import Networks

/// A 5×5 convolution computed as a stacked 3×3 one, optionally with a ReLU fused behind it.
/// Parameters and their gradients stay those of the 5×5 layer.
final class StackedConvolutionLayer: Layer {
  let output: Memory
  private let parts: WeightedLayer
  private let passes: ConvolutionPasses
  private let choice: ConvolutionChoice
  private let kernel: StackedKernel
  /// The four shifted copies of the input, as the forward pass reads them.
  private let stack: Memory

  init(
    _ node: Node, _ attributes: Operation.Convolution, choice: ConvolutionChoice, input: Memory,
    fusesReLU: Bool, in graph: GraphBuilder
  ) throws {
    self.choice = choice
    parts = try WeightedLayer(node, hasBias: attributes.bias, in: graph)
    let kernel = StackedKernel(
      attributes, input: graph.network.inputShapes(of: node)[0],
      output: graph.network.shape(of: node.name))
    self.kernel = kernel
    passes = ConvolutionPasses(
      node: node.name,
      source: [graph.batch, 4 * kernel.channels, kernel.stack.height, kernel.stack.width],
      weight: [kernel.outputs, 4 * kernel.channels, 3, 3], output: graph.extents(of: node.name),
      window: cnn_window(Operation.Convolution(outputChannels: kernel.outputs, kernelSize: 3)),
      hasBias: attributes.bias)
    try parts.weight.adopt(.plain(parts.weight.parameter.shape), graph.engine)
    let descriptor = try passes.forward(choice.forward, fusesReLU: fusesReLU, in: graph)
    let blocked = try graph.reordered(
      input, to: Self.blocked(graph.extents(of: node.inputs[0])), node: node.name)
    let stack = try graph.memory(Self.blocked(passes.source))
    graph.emit(node.name, "stack") {
      kernel.stack(blocked.floats, into: stack.floats, batch: graph.batch)
    }
    graph.releaseTemporaries([blocked], unless: [input])
    self.stack = stack
    let source = try graph.reordered(
      stack, to: descriptor.layout(dnnl_query_src_md), node: node.name)
    let weights = try Self.cutWeights(parts, kernel, passes, for: descriptor, graph)
    output = try parts.emitForward(descriptor, source: source, weights: weights, in: graph)
    graph.releaseTemporaries([weights, source], unless: [stack])
    graph.releaseTemporaries([stack], unless: [])
  }

  private static func blocked(_ extents: [Int]) throws -> Layout {
    try Layout(extents, tag: dnnl_nChw16c)
  }

  private static func cutWeights(
    _ parts: WeightedLayer, _ kernel: StackedKernel, _ passes: ConvolutionPasses,
    for descriptor: PrimitiveDescriptor, _ graph: GraphBuilder
  ) throws -> Memory {
    let quarters = try graph.memory(.plain(passes.weight))
    let weight = parts.weight
    graph.emit(passes.node, "cut weights") {
      kernel.cut(weight.value.floats, into: quarters.floats)
    }
    let weights = try graph.reordered(
      quarters, to: descriptor.layout(dnnl_query_weights_md), node: passes.node)
    graph.releaseTemporaries([quarters], unless: [weights])
    return weights
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    if parts.isTrained { try makeWeightGradient(gradient, graph) }
    return [needed[0] ? try makeSourceGradient(gradient, graph) : nil]
  }

  private func makeWeightGradient(_ gradient: Memory, _ graph: GraphBuilder) throws {
    let descriptor = try passes.backwardWeights(choice.backwardWeights, in: graph)
    let quarters = try graph.memory(descriptor.layout(dnnl_query_diff_weights_md))
    try parts.emitWeightGradient(
      descriptor, source: stack, gradient: gradient, into: quarters, in: graph)
    let plain = try graph.reordered(
      quarters, to: .plain(passes.weight), node: passes.node)
    let result = try parts.weight.gradient(graph.engine)
    let kernel = kernel
    graph.emit(passes.node, "join weights") {
      kernel.join(plain.floats, into: result.floats)
    }
    graph.releaseTemporaries([plain], unless: [quarters])
    graph.release(quarters)
  }

  private func makeSourceGradient(_ gradient: Memory, _ graph: GraphBuilder) throws -> Memory {
    let descriptor = try passes.backwardData(choice.backwardData, in: graph)
    let weights = try Self.cutWeights(parts, kernel, passes, for: descriptor, graph)
    let copies = try parts.emitSourceGradient(
      descriptor, weights: weights, gradient: gradient, in: graph)
    let blocked = try graph.reordered(copies, to: Self.blocked(passes.source), node: passes.node)
    let input = [graph.batch, kernel.channels, kernel.input.height, kernel.input.width]
    let result = try graph.memory(Self.blocked(input))
    let kernel = kernel
    graph.emit(passes.node, "unstack") {
      kernel.unstack(blocked.floats, into: result.floats, batch: graph.batch)
    }
    graph.releaseTemporaries([weights, copies], unless: [])
    graph.releaseTemporaries([blocked], unless: [copies])
    return result
  }
}
