import Checkpoints
import Networks
import Tensors

/// Turns a network and its weights into a fused graph: dropout and flatten vanish, batch norm goes
/// into the convolution before it, ReLU and residual sums into what computes their input.
struct Lowering {
  let network: Network
  let weights: Weights
  /// The grids of a quantised network's values; none of a float one.
  let grids: [String: Grid]
  var graph: FusedGraph
  /// The value that each node's name stands for.
  private var bound: [String: FusedGraph.ValueID]
  private let uses: [String: Int]

  /// Lowers every node.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - weights: Its tensors.
  ///   - quantization: What int8 weights need to run.
  ///   - kept: Names whose values the caller reads too, so that nothing is fused into them.
  /// - Returns: The fused graph.
  /// - Throws: `InferenceError` where a parameter is missing or of another shape.
  static func graph(
    of network: Network, _ weights: Weights, _ quantization: Quantization? = nil,
    keeping kept: Set<String> = []
  ) throws -> FusedGraph {
    var lowering = Lowering(network, weights, quantization?.grids(of: network) ?? [:], kept)
    for node in network.nodes { try lowering.lower(node) }
    lowering.graph.output = lowering.bound[network.output] ?? FusedGraph.input
    guard quantization != nil else {
      lowering.chainConcats()
      lowering.graph.bound = lowering.bound
      return lowering.graph
    }
    return Quantizing.graph(of: lowering.graph)
  }

  init(
    _ network: Network, _ weights: Weights, _ grids: [String: Grid] = [:], _ kept: Set<String> = []
  ) {
    self.network = network
    self.weights = weights
    self.grids = grids
    uses = Self.countUses(network, kept)
    let input = FusedGraph.Value(
      shape: network.input, uses: uses[Network.inputName, default: 0],
      grid: grids[Network.inputName])
    graph = FusedGraph(values: [input])
    bound = [Network.inputName: FusedGraph.input]
  }

  /// Readers of each name, those through dropout and flatten counted at their source.
  private static func countUses(_ network: Network, _ kept: Set<String>) -> [String: Int] {
    var uses = Dictionary(uniqueKeysWithValues: kept.map { ($0, 1) })
    uses[network.output, default: 0] += 1
    for node in network.nodes.reversed() {
      if node.operation.traits.computesNothing {
        uses[node.inputs[0], default: 0] += uses[node.name, default: 0]
      } else {
        for input in node.inputs { uses[input, default: 0] += 1 }
      }
    }
    return uses
  }

  func value(_ name: String) -> FusedGraph.ValueID { bound[name] ?? FusedGraph.input }

  private mutating func lower(_ node: Node) throws {
    let shape = network.shape(of: node.name)
    let inputShape = network.shape(of: node.inputs[0])
    switch node.operation {
    case .dropout: bound[node.name] = value(node.inputs[0])
    case .flatten:
      // Floats lie in planes already, and so do the bytes of one channel or of one pixel.
      guard grids[node.name] != nil, inputShape.channels > 1, inputShape.channels < shape.channels
      else {
        bound[node.name] = value(node.inputs[0])
        return
      }
      append(node, .flatten)
    case .convolution(let attributes): append(node, .convolution(try convolution(node, attributes)))
    case .linear: append(node, .linear(try linear(node)))
    case .maxPool(let window):
      append(
        node,
        .pool(.init(window: window, isMaximum: true, input: inputShape, output: shape)))
    case .averagePool(let window):
      append(
        node,
        .pool(.init(window: window, isMaximum: false, input: inputShape, output: shape)))
    case .adaptiveAveragePool: append(node, .adaptivePool(input: inputShape, output: shape))
    case .batchNorm(let attributes): try lowerBatchNorm(node, attributes)
    case .localResponseNorm(let attributes):
      append(node, .localResponseNorm(attributes, inputShape))
    case .relu: lowerReLU(node)
    case .sigmoid: append(node, .activation(.sigmoid))
    case .tanh: append(node, .activation(.tanh))
    case .add: lowerAdd(node)
    case .concat: append(node, .concat)
    }
  }

  private mutating func append(_ node: Node, _ operation: FusedOperation) {
    let output = graph.makeValue(
      .init(
        shape: network.shape(of: node.name), uses: uses[node.name, default: 0],
        grid: grids[node.name]))
    bound[node.name] = output
    graph.nodes.append(
      .init(
        name: node.name, operation: operation, inputs: node.inputs.map(value), output: output,
        macs: network.macs(of: node)))
  }

  /// The node that makes a node's only input, if nobody else reads it.
  private func soleProducer(of name: String) -> Int? {
    let id = value(name)
    guard graph.values[id].uses == 1 else { return nil }
    return graph.producer(of: id)
  }

  /// Makes a fused node's output stand for the node fused into it.
  private mutating func fuse(_ node: Node, into index: Int, as operation: FusedOperation) {
    graph.nodes[index].operation = operation
    graph.nodes[index].name += "+\(node.name)"
    let output = graph.nodes[index].output
    graph.values[output].uses = uses[node.name, default: 0]
    graph.values[output].grid = grids[node.name]
    bound[node.name] = output
  }

  private mutating func lowerReLU(_ node: Node) {
    guard let index = soleProducer(of: node.inputs[0]),
      let fused = graph.nodes[index].operation.followed(by: .relu)
    else { return append(node, .activation(.relu)) }
    fuse(node, into: index, as: fused)
  }

  private mutating func lowerBatchNorm(_ node: Node, _ attributes: NodeOperation.BatchNorm) throws {
    let (scale, shift) = try normalization(node, attributes)
    if let index = soleProducer(of: node.inputs[0]),
      case .convolution(var convolution) = graph.nodes[index].operation,
      convolution.clamp == .none, !convolution.hasResidual, convolution.int8 == nil
    {
      let old = convolution.scale ?? scale.map { _ in 1 }
      convolution.scale = zip(old, scale).map(*)
      convolution.shift = zip(zip(convolution.shift, scale).map(*), shift).map(+)
      return fuse(node, into: index, as: .convolution(convolution))
    }
    let input = network.shape(of: node.inputs[0])
    append(node, .scale(.init(scale: scale, shift: shift, plane: input.height * input.width)))
  }

  /// A sum of two becomes the last part of the later convolution that makes one of them; that
  /// convolution moves here, after what makes the other. One in int8 adds bytes to bytes.
  private mutating func lowerAdd(_ node: Node) {
    let inputs = node.inputs.map(value)
    let candidates = node.inputs.compactMap(soleProducer).sorted(by: >)
    for index in candidates where inputs.count == 2 {
      guard case .convolution(var convolution) = graph.nodes[index].operation,
        convolution.clamp == .none, !convolution.hasResidual,
        convolution.int8 == nil || isOnGrids(node)
      else { continue }
      convolution.hasResidual = true
      let moved = graph.nodes.remove(at: index)
      graph.nodes.append(moved)
      let last = graph.nodes.count - 1
      graph.nodes[last].inputs += inputs.filter { $0 != moved.output }
      return fuse(node, into: last, as: .convolution(convolution))
    }
    append(node, .add(clamp: .none))
  }

  /// Whether all that a sum reads and makes has a grid.
  private func isOnGrids(_ node: Node) -> Bool {
    grids[node.name] != nil && node.inputs.allSatisfy { graph.values[value($0)].grid != nil }
  }

  /// Rewrites `concat(a, b, c)` after `concat(a, b)` as `concat(concat(a, b), c)`, so that a dense
  /// block written either way grows in one place.
  private mutating func chainConcats() {
    var known: [[FusedGraph.ValueID]: FusedGraph.ValueID] = [:]
    for index in graph.nodes.indices {
      guard case .concat = graph.nodes[index].operation else { continue }
      let inputs = graph.nodes[index].inputs
      for length in stride(from: inputs.count - 1, through: 2, by: -1) {
        guard let prefix = known[Array(inputs.prefix(length))] else { continue }
        for input in inputs.prefix(length) { graph.values[input].uses -= 1 }
        graph.values[prefix].uses += 1
        graph.nodes[index].inputs = [prefix] + inputs.dropFirst(length)
        break
      }
      known[inputs] = graph.nodes[index].output
    }
  }
}

extension FusedOperation {
  /// This operation with a clamp at its end; nil where it takes none.
  fileprivate func followed(by clamp: OutputClamp) -> FusedOperation? {
    switch self {
    case .convolution(var convolution):
      convolution.clamp = convolution.clamp.then(clamp)
      return .convolution(convolution)
    case .linear(var linear):
      linear.clamp = linear.clamp.then(clamp)
      return .linear(linear)
    case .scale(var scale):
      scale.clamp = scale.clamp.then(clamp)
      return .scale(scale)
    case .add(let first): return .add(clamp: first.then(clamp))
    case .pool, .adaptivePool, .localResponseNorm, .activation, .concat, .copy, .flatten,
      .quantized:
      return nil
    }
  }
}
