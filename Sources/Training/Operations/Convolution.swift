internal import COneDNN
internal import Networks

/// 2-D cross-correlation, optionally with a ReLU fused behind it: each pass by the kernel that the
/// table names for the shape.
final class ConvolutionLayer: Layer {
  let output: Memory
  let keepsOutput = false
  let endsInReLU: Bool
  private let input: Memory
  /// The input as the forward pass reads it.
  private let source: Memory
  private let parts: WeightedLayer
  private let passes: ConvolutionPasses
  private let choice: ConvolutionChoice
  /// For the passes that take large tiles.
  private let winograd: WinogradPasses?
  private let shallow: ShallowGradient?

  init(
    _ node: Node, _ attributes: NodeOperation.Convolution, input: Memory, in graph: GraphBuilder
  ) throws {
    let network = graph.network
    choice = ConvolutionTable.choice(
      attributes, input: network.inputShapes(of: node)[0], output: network.shape(of: node.name),
      precision: graph.precision)
    endsInReLU = graph.feedsOnlyReLU(node)
    self.input = input
    shallow = choice.usesShallowGradient ? ShallowGradient(node, attributes, in: graph) : nil
    winograd = choice.usesLargeTiles ? WinogradPasses(node, attributes, in: graph) : nil
    parts = try WeightedLayer(node, hasBias: attributes.bias, in: graph)
    passes = ConvolutionPasses(
      node: node.name, source: graph.extents(of: node.inputs[0]),
      weight: parts.weight.parameter.extents(groups: attributes.groups),
      output: graph.extents(of: node.name), window: cnn_window(attributes),
      hasBias: attributes.bias)
    if choice.forward.algorithm == .largeTiles, let winograd {
      source = try graph.inChannelBlocks(input, node: node.name)
      output = try winograd.emitForward(parts, source: source, relu: endsInReLU, in: graph)
      graph.releaseTemporaries([source], unless: [input])
      return
    }
    let descriptor = try passes.forward(choice.forward, fusesReLU: endsInReLU, in: graph)
    source = try graph.reordered(
      input, to: descriptor.layout(dnnl_query_src_md), node: node.name)
    try parts.adopt(descriptor, graph)
    let weights = try parts.weights(for: descriptor, graph)
    output = try parts.emitForward(descriptor, source: source, weights: weights, in: graph)
    graph.releaseTemporaries([source, weights], unless: [input])
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    // What the first pass reads serves the second, too, where it wants the same.
    var slopes = gradient
    if parts.isTrained { slopes = try makeWeightGradient(gradient, graph) }
    let result = needed[0] ? try makeSourceGradient(gradient, slopes, graph) : nil
    graph.releaseTemporaries([slopes], unless: [gradient])
    return [result]
  }

  /// Returns the gradient as it was read.
  private func makeWeightGradient(_ gradient: Memory, _ graph: GraphBuilder) throws -> Memory {
    if let shallow {
      return try shallow.emit(parts, images: input, gradient: gradient, in: graph)
    }
    if choice.backwardWeights.algorithm == .largeTiles, let winograd {
      let slopes = try graph.inChannelBlocks(gradient, node: passes.node)
      try winograd.emitWeightGradient(parts, source: source, slopes: slopes, in: graph)
      return slopes
    }
    let descriptor = try passes.backwardWeights(choice.backwardWeights, in: graph)
    let slopes = try graph.reordered(
      gradient, to: descriptor.layout(dnnl_query_diff_dst_md), node: passes.node)
    try parts.emitWeightGradient(descriptor, source: source, gradient: slopes, in: graph)
    return slopes
  }

  private func makeSourceGradient(
    _ gradient: Memory, _ slopes: Memory, _ graph: GraphBuilder
  ) throws -> Memory {
    if choice.backwardData.algorithm == .largeTiles, let winograd {
      let blocks = try graph.inChannelBlocks(slopes, node: passes.node)
      let result = try winograd.emitSourceGradient(parts, slopes: blocks, in: graph)
      graph.releaseTemporaries([blocks], unless: [slopes])
      return result
    }
    let descriptor = try passes.backwardData(choice.backwardData, in: graph)
    let wanted = try descriptor.layout(dnnl_query_diff_dst_md)
    let weights = try parts.weights(for: descriptor, graph)
    let result = try parts.emitSourceGradient(
      descriptor, weights: weights, gradient: slopes.layout == wanted ? slopes : gradient,
      in: graph)
    graph.releaseTemporaries([weights], unless: [])
    return result
  }
}

extension Parameter {
  /// A filter's shape as oneDNN sees it: `[G, O/G, …]` where it is grouped.
  fileprivate func extents(groups: Int) -> [Int] {
    groups > 1 ? [groups, shape[0] / groups] + shape.dropFirst() : shape
  }
}
