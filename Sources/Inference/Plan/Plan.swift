public import Checkpoints
internal import Hardware
public import Networks
public import Tensors

/// A network compiled with its weights: fused, packed and with its memory planned. Immutable, so that
/// any number of `ExecutionContext`s on any threads share one.
public final class Plan: Sendable {
  /// The network.
  public let network: Network
  /// The instruction set that its kernels use.
  public let isa: ISA
  /// What runs, in order.
  public let steps: [StepInfo]
  /// Bytes of activations that the arena holds for one image: their lifetimes packed, close to the
  /// largest sum of those that are live at once.
  public var arenaBytes: Int { arena.size * 4 }
  /// Bytes of all activations of one image, had each its own memory.
  public let activationBytes: Int
  /// Where activations lie.
  package let arena: ArenaPlan
  let program: [any Step]
  /// The order in which a batch goes through the program.
  let waves: [Wave]
  /// Where the values lie that a run keeps, by name.
  let kept: [String: Location]
  /// Floats of scratch that each worker needs, in whole cache lines.
  let scratchStride: Int

  /// Compiles.
  ///
  /// Convolutions' weights are packed into memory of the plan's; linear layers' are read where the
  /// tensors lie, which the plan keeps alive.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - weights: A tensor for every parameter: floats, or int8 weights with their scales where
  ///     `quantization` has the activations that they meet.
  ///   - quantization: The grids of a quantised network's activations; nil for one of floats. A layer
  ///     of int8 weights runs in int8, everything between such layers on uint8 activations, and a
  ///     layer of float weights in floats.
  ///   - isa: An instruction set, or nil for `ISA.selected()`.
  ///   - threads: Threads that pack weights, all cores if nil; the plan is the same for any number.
  ///   - batch: The images that most runs will have.
  ///   - expectedRuns: About how many runs there will be: few do not pay for transformed weights.
  /// - Throws: `InferenceError` that names the parameter or the instruction set at fault.
  public convenience init(
    network: Network, weights: Weights, quantization: Quantization? = nil, isa: ISA? = nil,
    threads: Int? = nil, batch: Int = 1, expectedRuns: Int = 1000
  ) throws {
    try self.init(
      network: network, weights: weights, quantization: quantization, isa: isa, threads: threads,
      batch: batch,
      expectedRuns: expectedRuns, convolutions: nil)
  }

  /// Compiles, with `convolutions` as the algorithm of all that it can compute, so that a run leaves
  /// the values of `kept` where `NetworkValues` reads them.
  package init(
    network: Network, weights: Weights, quantization: Quantization? = nil, isa: ISA? = nil,
    threads: Int? = nil, batch: Int = 1, expectedRuns: Int = 1000,
    convolutions forced: ConvolutionAlgorithm?, keeping names: Set<String> = []
  ) throws {
    let threads = max(1, threads ?? availableCores)
    let isa = try isa ?? ISA.selected()
    try isa.requireAvailable()
    let graph = try Lowering.graph(of: network, weights, quantization, keeping: names)
    let values = graph.bound.filter { names.contains($0.key) }
    let placement = Placement(graph, keeping: Set(values.values))
    kept = values.mapValues(placement.location)
    let kernels = KernelSet(isa)
    let costs = ConvolutionCosts(
      kernels: kernels, batch: max(1, batch), runs: max(1, expectedRuns), forced: forced)
    let nodes = placement.graph.nodes
    let waves = Wave.waves(activations: nodes.map(placement.activations))
    program = try waves.flatMap { wave in
      let costs = costs.limited(to: wave.images)
      return try nodes[wave.steps].map {
        try $0.step(placement: placement, kernels: kernels, costs: costs, threads: threads)
      }
    }
    steps = zip(placement.graph.nodes, program).map { node, step in
      StepInfo(
        name: node.name, algorithm: step.algorithm, isInt8: step.isInt8, macs: node.macs,
        weightBytes: step.weightBytes, activationBytes: 4 * placement.activations(of: node))
    }
    self.waves = waves
    scratchStride = ((program.map(\.scratchCount).max() ?? 0) + 15) / 16 * 16
    self.network = network
    self.isa = isa
    arena = placement.arena
    activationBytes = placement.activationCount * 4
  }
}

extension Placement {
  /// Elements that a step reads and writes for one image.
  fileprivate func activations(of node: FusedGraph.Node) -> Int {
    (node.inputs + [node.output]).reduce(0) { $0 + graph.values[$1].size }
  }

  /// Elements of all activations, each counted once wherever it lies.
  fileprivate var activationCount: Int {
    graph.nodes.reduce(0) { $0 + graph.values[$1.output].size }
  }
}

extension FusedGraph.Node {
  fileprivate func step(
    placement: Placement, kernels: KernelSet, costs: ConvolutionCosts, threads: Int
  ) throws -> any Step {
    let inputs = inputs.map(placement.location)
    let output = placement.location(of: output)
    let count = placement.graph.values[self.output].size
    switch operation {
    case .convolution(let convolution):
      // Packed, they are not read again where they lie.
      defer { convolution.weights.releasePages() }
      return try convolution.step(
        kernels: kernels, costs: costs, threads: threads, input: inputs[0], output: output,
        residual: convolution.hasResidual ? inputs[1] : nil)
    case .linear(let linear):
      return LinearStep(
        weights: linear.weights, bias: try AlignedFloats(linear.bias), kernels: kernels,
        input: inputs[0], output: output, inputFeatures: linear.weights.shape[1],
        outputFeatures: linear.weights.shape[0], clamp: linear.clamp)
    case .pool(let pool):
      return PoolStep(
        window: pool.window, isMaximum: pool.isMaximum, kernels: kernels, input: inputs[0],
        output: output, inputShape: pool.input, outputShape: pool.output)
    case .adaptivePool(let input, let shape):
      return AdaptivePoolStep(
        input: inputs[0], output: output, inputShape: input, outputShape: shape)
    case .scale(let scale):
      return ScaleStep(
        scale: scale.scale.map(Float.init), shift: scale.shift.map(Float.init), kernels: kernels,
        input: inputs[0], output: output, plane: scale.plane, clamp: scale.clamp)
    case .localResponseNorm(let attributes, let shape):
      return LocalResponseNormStep(
        attributes: attributes, kernels: kernels, input: inputs[0], output: output, shape: shape)
    case .activation(let function):
      return ActivationStep(
        function: function, kernels: kernels, input: inputs[0], output: output, count: count)
    case .add(let clamp):
      return AddStep(kernels: kernels, inputs: inputs, output: output, count: count, clamp: clamp)
    case .copy, .concat, .flatten:
      return CopyStep(input: inputs[0], output: output, count: count)
    case .quantized(let operation):
      return try operation.step(kernels: kernels, threads: threads, inputs: inputs, output: output)
    }
  }
}
