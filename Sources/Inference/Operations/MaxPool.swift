import Networks

extension Lowered {
  /// Maximum over a window, whose numbers are the input's.
  struct MaxPool: LoweredOperation {
    let window: NodeOperation.Pooling
    let input, output: TensorShape

    var movesValues: Bool { true }

    func step(_ context: StepContext) -> any Step {
      PoolStep(
        algorithm: "max",
        kernel: context.kernels.best { if case .maxPool(let run) = $0 { run } else { nil } },
        window: window, inputShape: input, outputShape: output, input: context.input,
        output: context.output)
    }

    func int8Form(_ context: Int8Context) -> Int8Form? {
      .maximum(PoolWindows(window, input: input, output: output), on: context.input)
    }
  }
}

extension Lowering {
  mutating func lowerMaxPool(_ node: Node, _ window: NodeOperation.Pooling) {
    append(
      node,
      Lowered.MaxPool(
        window: window, input: network.shape(of: node.inputs[0]),
        output: network.shape(of: node.name)))
  }
}
