internal import COneDNN
internal import Networks

/// A network lowered to oneDNN primitives for one batch size: built once, run many times.
final class TrainingGraph {
  let batch: Int
  private let engine: Engine
  private let builder: GraphBuilder
  private let inputMemory: Memory
  private let logitsMemory: Memory
  private let gradientMemory: Memory?

  /// Builds the passes; `parameters` and `clock` are shared with other graphs of the network.
  init(
    _ network: Network, batch: Int, mode: GraphMode, precision: Recipe.Precision,
    parameters: ParameterStore, clock: Clock, engine: Engine
  ) throws {
    self.batch = batch
    self.engine = engine
    builder = try GraphBuilder(
      network: network, batch: batch, mode: mode, precision: precision, engine: engine,
      parameters: parameters, clock: clock)
    inputMemory = try builder.memory(.plain(builder.extents(of: Network.inputName)))
    let assembly = try Assembly(builder, input: inputMemory)
    let result = try assembly.layer(of: network.output).output
    let plain = try Layout.plain(result.layout.extents)
    logitsMemory = try builder.reordered(result, to: plain, node: network.output)
    guard mode == .training else {
      gradientMemory = nil
      return
    }
    builder.beginBackward()
    let gradient = try builder.memory(plain)
    // The graph's own reference: whoever fills the gradient writes here before every pass.
    builder.retain(gradient)
    gradientMemory = gradient
    try assembly.makeBackward(gradient)
  }

  /// `[N, C, H, W]`, row-major: fill before `forward`.
  var input: UnsafeMutableBufferPointer<Float> { inputMemory.floats }

  /// `[N, classes]`, row-major: valid after `forward`.
  var logits: UnsafeMutableBufferPointer<Float> { logitsMemory.floats }

  /// `[N, classes]`, row-major: fill before `backward`.
  var logitsGradient: UnsafeMutableBufferPointer<Float>? { gradientMemory?.floats }

  func forward() throws { try run(builder.forward) }

  func backward() throws { try run(builder.backward) }

  private func run(_ steps: [TrainingStep]) throws {
    for step in steps { try step.run() }
    try check(dnnl_stream_wait(engine.stream), "dnnl_stream_wait")
  }

  /// Runs forward and backward once, and tells the seconds of every step.
  func profile() throws -> [(node: String, label: String, seconds: Double)] {
    let clock = ContinuousClock()
    return try (builder.forward + builder.backward).map { step in
      let time = try clock.measure {
        try step.run()
        try check(dnnl_stream_wait(engine.stream), "dnnl_stream_wait")
      }
      return (step.node, step.label, time / .seconds(1))
    }
  }
}

/// Builds a graph's layers forward, then backward.
private final class Assembly {
  private let graph: GraphBuilder
  private let network: Network
  /// By the name of the value that each computes.
  private var layers: [String: any Layer]
  private var remaining: [String: Int]

  init(_ graph: GraphBuilder, input: Memory) throws {
    self.graph = graph
    network = graph.network
    remaining = graph.consumerCounts
    layers = [Network.inputName: InputLayer(input)]
    for (index, node) in network.nodes.enumerated() { try append(node, index: index) }
  }

  func layer(of name: String) throws -> any Layer {
    try unwrap(layers[name], "graph", node: name)
  }

  private func append(_ node: Node, index: Int) throws {
    layers[node.name] = try graph.makeLayer(
      node, index: index, sources: node.inputs.map(layer))
    guard graph.mode == .inference else { return }
    for name in node.inputs {
      remaining[name, default: 0] -= 1
      if remaining[name] == 0, let source = layers[name] { graph.release(source.output) }
    }
  }

  func makeBackward(_ gradient: Memory) throws {
    var incoming: [String: [Memory]] = [network.output: [gradient]]
    var needed: Set<String> = []
    for node in network.nodes where needsGradient(node, needed) { needed.insert(node.name) }
    for node in network.nodes.reversed() where needed.contains(node.name) {
      guard let parts = incoming.removeValue(forKey: node.name) else { continue }
      let total = parts.count == 1 ? parts[0] : try graph.sum(parts, node: node.name)
      let flags = node.inputs.map(needed.contains)
      let results = try layer(of: node.name).makeBackward(gradient: total, needed: flags, in: graph)
      for part in parts { graph.release(part) }
      if parts.count > 1 { graph.release(total) }
      for (name, result) in zip(node.inputs, results) {
        if let result { incoming[name, default: []].append(result) }
      }
    }
  }

  /// A node's gradient is wanted where it, or a node that it reads, has trained parameters.
  private func needsGradient(_ node: Node, _ known: Set<String>) -> Bool {
    if node.inputs.contains(where: known.contains) { return true }
    return network.parameters(of: node).contains { parameter in
      (try? graph.parameters.state(node.name, parameter.role).isTrained) ?? false
    }
  }
}
