internal import COneDNN
internal import Networks

/// Local response normalisation across channels (Krizhevsky et al. 2012, §3.3), α divided by the
/// number of channels as PyTorch and ONNX do.
final class LocalResponseNormLayer: Layer {
  let output: Memory
  private let node: Node
  private let attributes: NodeOperation.LocalResponseNorm
  private let source: Memory
  private let workspace: Memory?
  private let descriptor: PrimitiveDescriptor

  init(
    _ node: Node, _ attributes: NodeOperation.LocalResponseNorm, input: Memory,
    in graph: GraphBuilder
  ) throws {
    self.node = node
    self.attributes = attributes
    source = input
    var data = input.layout.descriptor
    let isTraining = graph.mode == .training
    descriptor = try PrimitiveDescriptor(node: node.name, "local response normalisation") {
      cnn_lrn_forward(
        &$0, graph.engine.handle, graph.engine.attributes,
        isTraining ? dnnl_forward_training : dnnl_forward_inference, &data,
        dnnl_dim_t(attributes.size), Float(attributes.alpha), Float(attributes.beta),
        Float(attributes.k))
    }
    output = try graph.memory(input.layout)
    var arguments = [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)]
    let space = try? descriptor.layout(dnnl_query_workspace_md)
    if isTraining, let space, space.byteCount > 0 {
      let memory = try Memory(space, graph.engine)
      arguments.append((DNNL_ARG_WORKSPACE, memory))
      workspace = memory
    } else {
      workspace = nil
    }
    try graph.emit(descriptor, node.name, "forward", arguments)
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    guard needed[0] else { return [nil] }
    let incoming = try graph.reordered(gradient, to: source.layout, node: node.name)
    let result = try graph.memory(source.layout)
    var data = source.layout.descriptor
    let descriptor = try PrimitiveDescriptor(node: node.name, "local response backward") {
      cnn_lrn_backward(
        &$0, graph.engine.handle, graph.engine.attributes, &data, &data,
        dnnl_dim_t(attributes.size), Float(attributes.alpha), Float(attributes.beta),
        Float(attributes.k), self.descriptor.handle)
    }
    var arguments = [
      (DNNL_ARG_SRC, source), (DNNL_ARG_DIFF_DST, incoming), (DNNL_ARG_DIFF_SRC, result),
    ]
    if let workspace { arguments.append((DNNL_ARG_WORKSPACE, workspace)) }
    try graph.emit(descriptor, node.name, "backward", arguments)
    graph.releaseTemporaries([incoming], unless: [gradient])
    return [result]
  }
}
