public import Checkpoints
internal import Hardware
public import Networks
public import Tensors

/// A network compiled with its weights: fused, packed and with its memory planned. Immutable, so that
/// any number of `ExecutionContext`s on any threads share one.
///
/// ```swift
/// let plan = try Plan(
///   network: checkpoint.network, weights: checkpoint.weights,
///   quantization: checkpoint.quantization)
/// print(plan.network.name, plan.isa, plan.arenaBytes)
/// let logits = try ExecutionContext(plan: plan).run(pixels)
/// ```
public final class Plan: Sendable {
  /// The network.
  public let network: Network
  /// The instruction set that its kernels use.
  public let isa: ISA
  /// What runs, in order.
  package let steps: [StepInfo]
  /// Bytes of activations that the arena holds for one image: their lifetimes packed, close to the
  /// largest sum of those that are live at once.
  public var arenaBytes: Int { arena.size }
  /// Bytes of all activations of one image, had each its own memory.
  package let activationBytes: Int
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
  ///   - isa: An instruction set, or nil for the best available.
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
      return try nodes[wave.steps].map { node in
        try node.operation.step(placement.context(of: node, kernels, costs, threads: threads))
      }
    }
    steps = zip(nodes, program).map { node, step in
      StepInfo(
        name: node.name, algorithm: step.algorithm, isInt8: step.isInt8, macs: node.macs,
        weightBytes: step.weightBytes, activationBytes: placement.activations(of: node))
    }
    self.waves = waves
    scratchStride = ((program.map(\.scratchCount).max() ?? 0) + 15) / 16 * 16
    self.network = network
    self.isa = isa
    arena = placement.arena
    activationBytes = placement.activationBytes
  }
}

extension Placement {
  /// Bytes that a step reads and writes for one image.
  fileprivate func activations(of node: LoweredGraph.Node) -> Int {
    (node.inputs + [node.output]).reduce(0) { $0 + graph.values[$1].byteCount }
  }

  /// Bytes of all activations, each counted once wherever it lies.
  fileprivate var activationBytes: Int {
    graph.nodes.reduce(0) { $0 + graph.values[$1.output].byteCount }
  }

  fileprivate func context(
    of node: LoweredGraph.Node, _ kernels: KernelSet, _ costs: ConvolutionCosts, threads: Int
  ) -> StepContext {
    StepContext(
      kernels: kernels, costs: costs, threads: threads, inputs: node.inputs.map(location),
      output: location(of: node.output),
      elementCount: graph.values[node.output].shape.elementCount)
  }
}
