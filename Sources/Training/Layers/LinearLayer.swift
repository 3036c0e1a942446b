internal import COneDNN
internal import Networks

/// `y = W x + b`. After a Flatten the input still is a feature map in oneDNN's blocked layout, and
/// the weights are seen as `[O, C, H, W]`: the same numbers in the same logical order.
final class LinearLayer: Layer {
  let output: Memory
  private let source: Memory
  private let parts: WeightedLayer
  private let passes: LinearPasses

  init(
    _ node: Node, _ attributes: Operation.Linear, input: Memory, fusesReLU: Bool,
    in graph: GraphBuilder
  ) throws {
    parts = try WeightedLayer(node, hasBias: attributes.bias, in: graph)
    let features = attributes.outputFeatures
    let element: Layout.Element = graph.precision == .bf16 ? .bfloat16 : .float32
    passes = LinearPasses(
      node: node.name, source: input.layout.extents,
      weight: [features] + input.layout.extents.dropFirst(), output: [graph.batch, features],
      hasBias: attributes.bias, element: element,
      // The loss reads logits that were not rounded.
      outputElement: node.name == graph.network.output ? .float32 : element)
    let descriptor = try passes.forward(fusesReLU: fusesReLU, in: graph)
    source = try graph.reordered(input, to: descriptor.layout(dnnl_query_src_md), node: node.name)
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
        passes.backwardWeights(source: source.layout, in: graph), source: source,
        gradient: gradient, in: graph)
    }
    guard needed[0] else { return [nil] }
    // The weights where they lie: a copy of AlexNet's fc6 would cost 105 MB of traffic a step.
    let stored = passes.element == .bfloat16 ? try parts.weight.rounded(graph.engine) : nil
    let weights = stored ?? parts.weight.value
    let descriptor = try passes.backwardData(
      source: source.layout, weights: weights.layout, in: graph)
    return [
      try parts.emitSourceGradient(descriptor, weights: weights, gradient: gradient, in: graph)
    ]
  }
}
