internal import COneDNN
internal import Networks

/// `y = W x + b`. After a Flatten the input still is a feature map in oneDNN's blocked layout, and
/// in fp32 the weights are seen as `[O, C, H, W]`: the same numbers in the same logical order. In
/// bfloat16 the map is flattened, since oneDNN's fast products take none.
final class LinearLayer: Layer {
  let output: Memory
  let keepsOutput = false
  let endsInReLU: Bool
  private let source: Memory
  private let parts: WeightedLayer
  private let passes: LinearPasses
  /// Of the input as the node before wants its gradient.
  private let extents: [Int]

  init(
    _ node: Node, _ attributes: NodeOperation.Linear, input: Memory, in graph: GraphBuilder
  ) throws {
    endsInReLU = graph.feedsOnlyReLU(node)
    parts = try WeightedLayer(node, hasBias: attributes.bias, in: graph)
    let features = attributes.outputFeatures
    let element: Layout.Element = graph.precision == .bf16 ? .bfloat16 : .float32
    extents = input.layout.extents
    let flat = element == .bfloat16 ? try graph.flattened(input, element, node: node.name) : input
    passes = LinearPasses(
      node: node.name, source: flat.layout.extents,
      weight: [features] + flat.layout.extents.dropFirst(), output: [graph.batch, features],
      hasBias: attributes.bias, element: element,
      // The loss reads logits that were not rounded.
      outputElement: node.name == graph.network.output ? .float32 : element)
    let descriptor = try passes.forward(fusesReLU: endsInReLU, in: graph)
    source = try graph.reordered(flat, to: descriptor.layout(dnnl_query_src_md), node: node.name)
    try parts.adopt(descriptor, graph)
    let weights = try parts.weights(for: descriptor, graph)
    output = try parts.emitForward(descriptor, source: source, weights: weights, in: graph)
    graph.releaseTemporaries([source, weights], unless: [input, flat])
    graph.releaseTemporaries([flat], unless: [input])
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
    let result = try parts.emitSourceGradient(
      descriptor, weights: weights, gradient: gradient, in: graph)
    guard result.layout.extents != extents else { return [result] }
    let element = result.layout.element
    let rows = try graph.reordered(
      result, to: .plain(result.layout.extents, element), node: parts.node.name)
    graph.releaseTemporaries([result], unless: [rows])
    return [try Memory(.plain(extents, element), graph.engine, buffer: rows.buffer)]
  }
}

extension GraphBuilder {
  /// A feature map as rows `[N, F]`: the same memory where it is row-major, else a copy.
  fileprivate func flattened(
    _ map: Memory, _ element: Layout.Element, node: String
  ) throws -> Memory {
    let extents = map.layout.extents
    guard extents.count > 2 else { return map }
    let plain = try reordered(map, to: .plain(extents, element), node: node)
    let rows = [extents[0], extents.dropFirst().reduce(1, *)]
    return try Memory(.plain(rows, element), engine, buffer: plain.buffer)
  }
}
