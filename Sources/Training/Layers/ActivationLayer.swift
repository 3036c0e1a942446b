internal import COneDNN
internal import Networks

/// A function of each element. Where its derivative is a function of its own result, the input need
/// not be kept: the layer overwrites it. A ReLU may also be computed by the layer before.
final class ActivationLayer: Layer {
  let output: Memory
  private let node: Node
  private let function: Function
  /// What the derivative is computed from.
  private let kept: Memory

  init(_ node: Node, _ function: Function, of source: any Layer, in graph: GraphBuilder) throws {
    self.node = node
    self.function = function
    let input = source.output
    let needsInput = graph.mode == .training && function.fromResult == nil
    if source.endsInReLU || !needsInput && graph.mayOverwrite(source, inputOf: node) {
      output = input
      graph.retain(input)
    } else {
      output = try graph.memory(input.layout)
    }
    kept = needsInput ? input : output
    guard !source.endsInReLU else { return }
    let descriptor = try function.forward(node.name, input.layout, in: graph)
    try graph.emit(
      descriptor, node.name, "forward", [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)])
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
    try function.emitBackward(node.name, kept, gradient: incoming, into: result, in: graph)
    return [result]
  }
}

extension ActivationLayer {
  /// One of oneDNN's element-wise functions.
  struct Function {
    let algorithm: dnnl_alg_kind_t
    /// The algorithm whose derivative is a function of the result; nil where the derivative needs the
    /// input.
    let fromResult: dnnl_alg_kind_t?
    /// What oneDNN's documentation of the algorithm calls alpha and beta.
    var alpha: Float = 0
    var beta: Float = 0

    fileprivate func forward(
      _ node: String, _ layout: Layout, in graph: GraphBuilder
    ) throws -> PrimitiveDescriptor {
      var data = layout.descriptor
      let training = graph.mode == .training
      return try PrimitiveDescriptor(node: node, "activation") {
        cnn_eltwise_forward(
          &$0, graph.engine.handle, graph.engine.attributes,
          training ? dnnl_forward_training : dnnl_forward_inference,
          training ? fromResult ?? algorithm : algorithm, &data, alpha, beta)
      }
    }

    /// Emits the gradient through the function.
    ///
    /// - Parameters:
    ///   - node: The node's name.
    ///   - kept: The function's result, or its input where `fromResult` is nil.
    ///   - gradient: The loss's gradient by the result, in the layout of `kept`.
    ///   - result: Becomes that by the input, in the same layout; may be `gradient`.
    ///   - graph: The graph that is built.
    /// - Throws: `TrainingError.oneDNN`.
    func emitBackward(
      _ node: String, _ kept: Memory, gradient: Memory, into result: Memory,
      in graph: GraphBuilder
    ) throws {
      var data = kept.layout.descriptor
      let hint = try forward(node, kept.layout, in: graph)
      let descriptor = try PrimitiveDescriptor(node: node, "activation backward") {
        cnn_eltwise_backward(
          &$0, graph.engine.handle, graph.engine.attributes, fromResult ?? algorithm, &data, &data,
          alpha, beta, hint.handle)
      }
      try graph.emit(
        descriptor, node, "backward",
        [
          (fromResult == nil ? DNNL_ARG_SRC : DNNL_ARG_DST, kept), (DNNL_ARG_DIFF_DST, gradient),
          (DNNL_ARG_DIFF_SRC, result),
        ])
    }
  }
}
