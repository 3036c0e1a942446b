internal import COneDNN
internal import Networks

/// ReLU, sigmoid or tanh. Each one's derivative is a function of its own result, so that the input
/// need not be kept: ReLU overwrites it, or is fused into the layer before.
final class ActivationLayer: Layer {
  enum Function {
    case relu, sigmoid, tanh

    fileprivate var forward: dnnl_alg_kind_t {
      switch self {
      case .relu: dnnl_eltwise_relu
      case .sigmoid: dnnl_eltwise_logistic
      case .tanh: dnnl_eltwise_tanh
      }
    }

    fileprivate var fromResult: dnnl_alg_kind_t {
      switch self {
      case .relu: dnnl_eltwise_relu_use_dst_for_bwd
      case .sigmoid: dnnl_eltwise_logistic_use_dst_for_bwd
      case .tanh: dnnl_eltwise_tanh_use_dst_for_bwd
      }
    }
  }

  let output: Memory
  private let node: Node
  private let function: Function

  init(
    _ node: Node, _ function: Function, input: Memory, isFused: Bool, in graph: GraphBuilder
  ) throws {
    self.node = node
    self.function = function
    if isFused || graph.mayOverwrite(node.inputs[0], input) {
      output = input
      graph.retain(input)
    } else {
      output = try graph.memory(input.layout)
    }
    guard !isFused else { return }
    let descriptor = try Self.forward(node, function, input.layout, graph)
    try graph.emit(
      descriptor, node.name, "forward", [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)])
  }

  private static func forward(
    _ node: Node, _ function: Function, _ layout: Layout, _ graph: GraphBuilder
  ) throws -> PrimitiveDescriptor {
    var data = layout.descriptor
    let training = graph.mode == .training
    return try PrimitiveDescriptor(node: node.name, "activation") {
      cnn_eltwise_forward(
        &$0, graph.engine.handle, graph.engine.attributes,
        training ? dnnl_forward_training : dnnl_forward_inference,
        training ? function.fromResult : function.forward, &data)
    }
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    guard needed[0] else { return [nil] }
    if graph.isReLUBeforeMaximum(node) {
      graph.retain(gradient)
      return [gradient]
    }
    let incoming = try graph.reordered(gradient, to: output.layout, node: node.name)
    let isOwn = incoming.buffer !== gradient.buffer || graph.isSoleReader(of: gradient)
    let result = isOwn ? incoming : try graph.memory(output.layout)
    if result.buffer === gradient.buffer { graph.retain(result) }
    try Self.emitBackward(node, function, output, gradient: incoming, into: result, in: graph)
    return [result]
  }

  /// Emits the gradient through a function whose result is `output`; all three in one layout.
  static func emitBackward(
    _ node: Node, _ function: Function, _ output: Memory, gradient: Memory, into result: Memory,
    in graph: GraphBuilder
  ) throws {
    var data = output.layout.descriptor
    let hint = try forward(node, function, output.layout, graph)
    let descriptor = try PrimitiveDescriptor(node: node.name, "activation backward") {
      cnn_eltwise_backward(
        &$0, graph.engine.handle, graph.engine.attributes, function.fromResult, &data, &data,
        hint.handle)
    }
    try graph.emit(
      descriptor, node.name, "backward",
      [(DNNL_ARG_DST, output), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)])
  }
}

extension GraphBuilder {
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

  /// Whether a value may be overwritten by its reader: it has one reader, nothing else views its
  /// buffer, and the layer that made it does not read it again in its backward pass.
  func mayOverwrite(_ value: String, _ memory: Memory) -> Bool {
    guard consumerCount(of: value) == 1, isSoleReader(of: memory) else { return false }
    guard let producer = network.nodes.first(where: { $0.name == value }) else { return false }
    switch producer.operation {
    case .convolution, .linear, .batchNorm, .add, .concat, .averagePool, .adaptiveAveragePool:
      return true
    case .maxPool, .localResponseNorm, .relu, .sigmoid, .tanh, .dropout, .flatten:
      return false
    }
  }
}
