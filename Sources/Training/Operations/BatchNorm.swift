internal import COneDNN
internal import Networks

/// Batch normalisation (Ioffe & Szegedy 2015, algorithm 1): by the batch's own mean and biased
/// variance in training, by the running ones in inference.
final class BatchNormLayer: Layer {
  let output: Memory
  let keepsOutput = false
  private let node: Node
  private let attributes: NodeOperation.BatchNorm
  private let source: Memory
  private let gamma: ParameterState
  private let beta: ParameterState
  private let mean: Memory
  private let variance: Memory
  private let descriptor: PrimitiveDescriptor
  /// Whether the batch's own statistics count, not the running ones.
  private let usesBatch: Bool
  private let flags: UInt32

  private static let affine = dnnl_use_scale.rawValue | dnnl_use_shift.rawValue

  init(
    _ node: Node, _ attributes: NodeOperation.BatchNorm, input: Memory, in graph: GraphBuilder
  ) throws {
    self.node = node
    self.attributes = attributes
    source = input
    let states = try Parameter.Role.allCases.map { try graph.parameters.state(node.name, $0) }
    let channels = try Layout.plain([graph.network.shape(of: node.name).channels])
    for state in states { try state.adopt(channels, graph.engine) }
    (gamma, beta) = (states[0], states[1])
    // A frozen layer is to stay what it is: it normalises as in inference.
    usesBatch = graph.mode == .training && !states.contains { $0.isFrozen }
    mean = usesBatch ? try Memory(channels, graph.engine) : states[2].value
    variance = usesBatch ? try Memory(channels, graph.engine) : states[3].value
    flags = usesBatch ? Self.affine : Self.affine | dnnl_use_global_stats.rawValue
    descriptor = try Self.forward(node, attributes, input.layout, flags, graph)
    output = try graph.memory(input.layout)
    try graph.emit(
      descriptor, node.name, "forward",
      [
        (DNNL_ARG_SRC, input), (DNNL_ARG_DST, output), (DNNL_ARG_MEAN, mean),
        (DNNL_ARG_VARIANCE, variance), (DNNL_ARG_SCALE, gamma.value), (DNNL_ARG_SHIFT, beta.value),
      ])
    if usesBatch { emitRunningStatistics(states[2], states[3], graph) }
  }

  private static func forward(
    _ node: Node, _ attributes: NodeOperation.BatchNorm, _ layout: Layout, _ flags: UInt32,
    _ graph: GraphBuilder
  ) throws -> PrimitiveDescriptor {
    var data = layout.descriptor
    let isTraining = graph.mode == .training
    return try PrimitiveDescriptor(node: node.name, "batch normalisation") {
      cnn_batch_norm_forward(
        &$0, graph.engine.handle, graph.engine.attributes,
        isTraining ? dnnl_forward_training : dnnl_forward_inference, &data,
        Float(attributes.epsilon), flags)
    }
  }

  /// `running ← (1 − momentum) running + momentum batch`, the variance unbiased as in PyTorch.
  private func emitRunningStatistics(
    _ runningMean: ParameterState, _ runningVariance: ParameterState, _ graph: GraphBuilder
  ) {
    let shape = graph.network.shape(of: node.name)
    let count = Float(graph.batch * shape.height * shape.width)
    let unbiased = count > 1 ? count / (count - 1) : 1
    let momentum = Float(attributes.momentum)
    let (mean, variance) = (mean, variance)
    graph.emit(node.name, "running statistics") {
      let (means, variances) = (runningMean.value.floats, runningVariance.value.floats)
      for channel in 0..<shape.channels {
        means[channel] += momentum * (mean.floats[channel] - means[channel])
        variances[channel] +=
          momentum * (variance.floats[channel] * unbiased - variances[channel])
      }
    }
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    let incoming = try graph.reordered(gradient, to: source.layout, node: node.name)
    let result = try graph.memory(source.layout)
    var data = source.layout.descriptor
    let descriptor = try PrimitiveDescriptor(node: node.name, "batch normalisation backward") {
      cnn_batch_norm_backward(
        &$0, graph.engine.handle, graph.engine.attributes, &data, &data, Float(attributes.epsilon),
        flags, self.descriptor.handle)
    }
    try graph.emit(
      descriptor, node.name, "backward",
      [
        (DNNL_ARG_SRC, source), (DNNL_ARG_MEAN, mean), (DNNL_ARG_VARIANCE, variance),
        (DNNL_ARG_SCALE, gamma.value), (DNNL_ARG_SHIFT, beta.value),
        (DNNL_ARG_DIFF_DST, incoming), (DNNL_ARG_DIFF_SRC, result),
        (DNNL_ARG_DIFF_SCALE, try gradientTarget(gamma, graph)),
        (DNNL_ARG_DIFF_SHIFT, try gradientTarget(beta, graph)),
      ])
    graph.releaseTemporaries([incoming], unless: [gradient])
    guard needed[0] else {
      graph.release(result)
      return [nil]
    }
    return [result]
  }

  /// oneDNN always writes both gradients; those of frozen parameters go nowhere.
  private func gradientTarget(_ state: ParameterState, _ graph: GraphBuilder) throws -> Memory {
    state.isTrained
      ? try state.gradient(graph.engine) : try Memory(state.value.layout, graph.engine)
  }
}
