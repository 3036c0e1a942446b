internal import COneDNN
internal import Networks

/// `y = W x + b`. After a Flatten the input still is a feature map in oneDNN's blocked layout, and
/// the weights are seen as `[O, C, H, W]`: the same numbers in the same logical order.
final class LinearLayer: Layer {
  let output: Memory
  private let node: Node
  private let source: Memory
  private let weight: ParameterState
  private let bias: ParameterState?
  private let extents: Extents
  private let descriptor: PrimitiveDescriptor

  private struct Extents {
    let source, weight, bias, output: [Int]
  }

  init(
    _ node: Node, _ attributes: Operation.Linear, input: Memory, fusesReLU: Bool,
    in graph: GraphBuilder
  ) throws {
    self.node = node
    let features = attributes.outputFeatures
    extents = Extents(
      source: input.layout.extents, weight: [features] + input.layout.extents.dropFirst(),
      bias: [features], output: [graph.batch, features])
    weight = try graph.parameters.state(node.name, .weight)
    bias = attributes.bias ? try graph.parameters.state(node.name, .bias) : nil
    descriptor = try Self.forward(node, extents, hasBias: attributes.bias, fusesReLU, graph)
    source = try graph.reordered(input, to: descriptor.layout(dnnl_query_src_md), node: node.name)
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
    _ node: Node, _ extents: Extents, hasBias: Bool, _ fusesReLU: Bool, _ graph: GraphBuilder
  ) throws -> PrimitiveDescriptor {
    var source = try Layout.any(extents.source).descriptor
    var weights = try Layout.any(extents.weight).descriptor
    var bias = try Layout.plain(extents.bias).descriptor
    var target = try Layout.plain(extents.output).descriptor
    let attributes = try Engine.attributes(relu: fusesReLU)
    defer { dnnl_primitive_attr_destroy(attributes) }
    let propagation =
      graph.mode == .training ? dnnl_forward_training : dnnl_forward_inference
    return try PrimitiveDescriptor(node: node.name, "inner product") { created in
      withUnsafePointer(to: &bias) { bias in
        cnn_linear_forward(
          &created, graph.engine.handle, attributes, propagation, &source, &weights,
          hasBias ? bias : nil, &target)
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
    var source = self.source.layout.descriptor
    var weights = try Layout.any(extents.weight).descriptor
    var biasLayout = try Layout.plain(extents.bias).descriptor
    var target = try Layout.any(extents.output).descriptor
    let hasBias = bias != nil
    let descriptor = try PrimitiveDescriptor(node: node.name, "inner product backward weights") {
      created in
      withUnsafePointer(to: &biasLayout) { biasLayout in
        cnn_linear_backward_weights(
          &created, graph.engine.handle, graph.engine.attributes, &source, &weights,
          hasBias ? biasLayout : nil, &target, self.descriptor.handle)
      }
    }
    let gradientCopy = try graph.reordered(
      gradient, to: descriptor.layout(dnnl_query_diff_dst_md), node: node.name)
    let result = try weight.gradientTarget(descriptor.layout(dnnl_query_diff_weights_md), graph)
    var arguments = [
      (DNNL_ARG_SRC, self.source), (DNNL_ARG_DIFF_DST, gradientCopy),
      (DNNL_ARG_DIFF_WEIGHTS, result),
    ]
    if let bias { arguments.append((DNNL_ARG_DIFF_BIAS, try bias.gradient(graph.engine))) }
    try graph.emit(descriptor, node.name, "backward weights", arguments)
    try weight.finishGradient(result, graph, node: node.name)
    graph.releaseTemporaries([gradientCopy], unless: [gradient])
  }

  private func makeSourceGradient(_ gradient: Memory, _ graph: GraphBuilder) throws -> Memory {
    var source = self.source.layout.descriptor
    // The weights where they lie: a copy of AlexNet's fc6 would cost 105 MB of traffic a step.
    var weights = weight.value.layout.descriptor
    var target = try Layout.any(extents.output).descriptor
    let descriptor = try PrimitiveDescriptor(node: node.name, "inner product backward data") {
      cnn_linear_backward_data(
        &$0, graph.engine.handle, graph.engine.attributes, &source, &weights, &target,
        self.descriptor.handle)
    }
    let gradientCopy = try graph.reordered(
      gradient, to: descriptor.layout(dnnl_query_diff_dst_md), node: node.name)
    let result = try graph.memory(descriptor.layout(dnnl_query_diff_src_md))
    try graph.emit(
      descriptor, node.name, "backward data",
      [
        (DNNL_ARG_DIFF_DST, gradientCopy), (DNNL_ARG_WEIGHTS, weight.value),
        (DNNL_ARG_DIFF_SRC, result),
      ])
    graph.releaseTemporaries([gradientCopy], unless: [gradient])
    return result
  }
}
