internal import COneDNN
internal import Networks

/// 2-D cross-correlation, optionally with a ReLU fused behind it: each pass by the kernel that the
/// table names for the shape.
final class ConvolutionLayer: Layer {
  let output: Memory
  private let source: Memory
  private let parts: WeightedLayer
  private let passes: ConvolutionPasses
  private let choice: ConvolutionChoice

  init(
    _ node: Node, _ attributes: Operation.Convolution, choice: ConvolutionChoice, input: Memory,
    fusesReLU: Bool, in graph: GraphBuilder
  ) throws {
    self.choice = choice
    parts = try WeightedLayer(node, hasBias: attributes.bias, in: graph)
    passes = ConvolutionPasses(
      node: node.name, source: graph.extents(of: node.inputs[0]),
      weight: parts.weight.parameter.extents(groups: attributes.groups),
      output: graph.extents(of: node.name), window: cnn_window(attributes),
      hasBias: attributes.bias)
    let descriptor = try passes.forward(choice.forward, fusesReLU: fusesReLU, in: graph)
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
    if parts.isTrained {
      try parts.emitWeightGradient(
        passes.backwardWeights(choice.backwardWeights, in: graph), source: source,
        gradient: gradient, in: graph)
    }
    guard needed[0] else { return [nil] }
    let descriptor = try passes.backwardData(choice.backwardData, in: graph)
    let weights = try parts.weights(for: descriptor, graph)
    let result = try parts.emitSourceGradient(
      descriptor, weights: weights, gradient: gradient, in: graph)
    graph.releaseTemporaries([weights], unless: [])
    return [result]
  }
}

extension Parameter {
  /// A filter's shape as oneDNN sees it: `[G, O/G, …]` where it is grouped.
  fileprivate func extents(groups: Int) -> [Int] {
    groups > 1 ? [groups, shape[0] / groups] + shape.dropFirst() : shape
  }
}
