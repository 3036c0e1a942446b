import Checkpoints
import Networks
import Tensors

/// Turns a network and its weights into a lowered graph, node by node, as each operation's file says:
/// dropout and flatten vanish, batch norm goes into the convolution before it, clamps and residual sums
/// into what computes their input.
struct Lowering {
  let network: Network
  let weights: Weights
  /// The grids of a quantised network's values; none of a float one.
  let grids: [String: Grid]
  var graph: LoweredGraph
  /// The value that each node's name stands for.
  private var bound: [String: LoweredGraph.ValueID]
  private let uses: [String: Int]

  /// Lowers every node.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - weights: Its tensors.
  ///   - quantization: What int8 weights need to run.
  ///   - kept: Names whose values the caller reads too, so that nothing is fused into them.
  /// - Returns: The lowered graph.
  /// - Throws: `InferenceError` where a parameter is missing or of another shape.
  static func graph(
    of network: Network, _ weights: Weights, _ quantization: Quantization? = nil,
    keeping kept: Set<String> = []
  ) throws -> LoweredGraph {
    var lowering = Lowering(network, weights, quantization?.grids(of: network) ?? [:], kept)
    for node in network.nodes { try lowering.lower(node) }
    lowering.graph.output = lowering.bound[network.output] ?? LoweredGraph.input
    guard quantization != nil else {
      lowering.graph.chainConcats()
      lowering.graph.bound = lowering.bound
      return lowering.graph
    }
    return Int8Lowering.graph(of: lowering.graph)
  }

  init(
    _ network: Network, _ weights: Weights, _ grids: [String: Grid] = [:], _ kept: Set<String> = []
  ) {
    self.network = network
    self.weights = weights
    self.grids = grids
    uses = Self.countUses(network, kept)
    let input = LoweredGraph.Value(
      shape: network.input, uses: uses[Network.inputName, default: 0],
      grid: grids[Network.inputName])
    graph = LoweredGraph(values: [input])
    bound = [Network.inputName: LoweredGraph.input]
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

  /// The value that a name stands for.
  func value(_ name: String) -> LoweredGraph.ValueID { bound[name] ?? LoweredGraph.input }

  /// Lowers a node after its inputs. Each function is in its operation's file in `Operations/`.
  private mutating func lower(_ node: Node) throws {
    switch node.operation {
    case .convolution(let attributes): try lowerConvolution(node, attributes)
    case .linear: try lowerLinear(node)
    case .maxPool(let window): lowerMaxPool(node, window)
    case .averagePool(let window): lowerAveragePool(node, window)
    case .adaptiveAveragePool: lowerAdaptiveAveragePool(node)
    case .batchNorm(let attributes): try lowerBatchNorm(node, attributes)
    case .localResponseNorm(let attributes): lowerLocalResponseNorm(node, attributes)
    case .relu: lowerReLU(node)
    case .leakyReLU(let attributes): lowerLeakyReLU(node, attributes)
    case .sigmoid: lowerSigmoid(node)
    case .tanh: lowerTanh(node)
    case .dropout: lowerDropout(node)
    case .flatten: lowerFlatten(node)
    case .add: lowerAdd(node)
    case .concat: lowerConcat(node)
    }
  }

  // MARK: What operations' files use

  /// Computes a node by a step of its own.
  mutating func append(_ node: Node, _ operation: any LoweredOperation) {
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
  func soleProducer(of name: String) -> Int? {
    let id = value(name)
    guard graph.values[id].uses == 1 else { return nil }
    return graph.producer(of: id)
  }

  /// Makes a fused node's output stand for the node fused into it.
  mutating func fuse(_ node: Node, into index: Int, as operation: any LoweredOperation) {
    graph.nodes[index].operation = operation
    graph.nodes[index].name += "+\(node.name)"
    let output = graph.nodes[index].output
    graph.values[output].uses = uses[node.name, default: 0]
    graph.values[output].grid = grids[node.name]
    bound[node.name] = output
  }

  /// Lets a node's name stand for its input.
  mutating func forward(_ node: Node) { bound[node.name] = value(node.inputs[0]) }
}
