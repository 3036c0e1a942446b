import Networks

extension Lowered {
  /// Mean over a window.
  struct AveragePool: LoweredOperation {
    let window: NodeOperation.Pooling
    let input, output: TensorShape

    func step(_ context: StepContext) -> any Step {
      PoolStep(
        algorithm: "average",
        kernel: context.kernels.best { if case .averagePool(let run) = $0 { run } else { nil } },
        window: window, inputShape: input, outputShape: output, input: context.input,
        output: context.output)
    }

    func int8Form(_ context: Int8Context) -> Int8Form? {
      .average(PoolWindows(window, input: input, output: output), context)
    }
  }
}

extension Lowering {
  mutating func lowerAveragePool(_ node: Node, _ window: NodeOperation.Pooling) {
    append(
      node,
      Lowered.AveragePool(
        window: window, input: network.shape(of: node.inputs[0]),
        output: network.shape(of: node.name)))
  }
}
