internal import COneDNN
internal import Networks

/// What convolutions and linear layers share: their parameters, where these lie, and the steps that
/// read them and write their gradients.
///
/// The forward pass that is built first decides where the weights lie, as fp32 in the order that its
/// implementation reads; other passes get copies where theirs differs.
struct WeightedLayer {
  let node: Node
  let weight: ParameterState
  let bias: ParameterState?

  init(_ node: Node, hasBias: Bool, in graph: GraphBuilder) throws {
    self.node = node
    weight = try graph.parameters.state(node.name, .weight)
    bias = hasBias ? try graph.parameters.state(node.name, .bias) : nil
    if let bias { try bias.adopt(.plain(bias.parameter.shape), graph.engine) }
  }

  /// Whether a step changes any of it. The pass that gives one gradient gives the other, too.
  var isTrained: Bool { weight.isTrained || bias?.isTrained == true }

  /// Lets the weights lie in the order that a forward pass wants.
  func adopt(_ descriptor: PrimitiveDescriptor, _ graph: GraphBuilder) throws {
    try weight.adopt(descriptor.layout(dnnl_query_weights_md).of(.float32), graph.engine)
  }

  /// The weights as a pass wants them: where they lie, their bfloat16 copy, or a copy of the step's.
  func weights(for descriptor: PrimitiveDescriptor, _ graph: GraphBuilder) throws -> Memory {
    let wanted = try descriptor.layout(dnnl_query_weights_md)
    let source = wanted.element == .bfloat16 ? try weight.rounded(graph.engine) : weight.value
    return try graph.reordered(source, to: wanted, node: node.name)
  }

  /// Emits the forward pass; `source` and `weights` are in the descriptor's layouts.
  func emitForward(
    _ descriptor: PrimitiveDescriptor, source: Memory, weights: Memory, in graph: GraphBuilder
  ) throws -> Memory {
    let output = try graph.memory(descriptor.layout(dnnl_query_dst_md))
    var arguments = [
      (DNNL_ARG_SRC, source), (DNNL_ARG_WEIGHTS, weights), (DNNL_ARG_DST, output),
    ]
    if let bias { arguments.append((DNNL_ARG_BIAS, bias.value)) }
    try graph.emit(descriptor, node.name, "forward", arguments)
    return output
  }

  /// Emits the pass that gives the weights' and the bias' gradients.
  ///
  /// - Parameters:
  ///   - descriptor: Of the pass; its gradient of the weights may be in any order.
  ///   - source: The layer's input.
  ///   - gradient: The loss's by the layer's output.
  ///   - graph: The graph that is built.
  /// - Throws: `TrainingError.oneDNN`.
  func emitWeightGradient(
    _ descriptor: PrimitiveDescriptor, source: Memory, gradient: Memory, in graph: GraphBuilder
  ) throws {
    let sourceCopy = try graph.reordered(
      source, to: descriptor.layout(dnnl_query_src_md), node: node.name)
    let gradientCopy = try graph.reordered(
      gradient, to: descriptor.layout(dnnl_query_diff_dst_md), node: node.name)
    let result = try weight.gradientTarget(descriptor.layout(dnnl_query_diff_weights_md), graph)
    var arguments = [
      (DNNL_ARG_SRC, sourceCopy), (DNNL_ARG_DIFF_DST, gradientCopy),
      (DNNL_ARG_DIFF_WEIGHTS, result),
    ]
    if let bias { arguments.append((DNNL_ARG_DIFF_BIAS, try bias.gradient(graph.engine))) }
    try graph.emit(descriptor, node.name, "backward weights", arguments)
    try weight.finishGradient(result, graph, node: node.name)
    graph.releaseTemporaries([sourceCopy, gradientCopy], unless: [source, gradient])
  }

  /// Emits the pass that gives the gradient by the layer's input; `weights` are in the descriptor's
  /// layout.
  func emitSourceGradient(
    _ descriptor: PrimitiveDescriptor, weights: Memory, gradient: Memory, in graph: GraphBuilder
  ) throws -> Memory {
    let gradientCopy = try graph.reordered(
      gradient, to: descriptor.layout(dnnl_query_diff_dst_md), node: node.name)
    let result = try graph.memory(descriptor.layout(dnnl_query_diff_src_md))
    try graph.emit(
      descriptor, node.name, "backward data",
      [
        (DNNL_ARG_DIFF_DST, gradientCopy), (DNNL_ARG_WEIGHTS, weights),
        (DNNL_ARG_DIFF_SRC, result),
      ])
    graph.releaseTemporaries([gradientCopy], unless: [gradient])
    return result
  }
}
