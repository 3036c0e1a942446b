import Checkpoints
import Networks

/// Which values of a network get a grid of their own in int8, and which share one.
///
/// A fused group has one value, under the name of its last node; maximum pooling, dropout and flatten
/// keep their input's grid; the scores stay float. What only a concat reads lies on the concat's grid,
/// so that joining rounds nothing a second time.
struct QuantizedValues: Sendable {
  /// Names with a grid of their own, in the network's order, `Network.inputName` the first.
  private(set) var names: [String] = []
  /// By name, the value whose grid it shares.
  private(set) var shared: [String: String] = [:]
  /// By name, the weighted layers that read it, through what only moves values; nil where others do too.
  private var layers: [String: Set<String>?] = [:]

  /// - Parameter checkpoint: In float32, batch norms folded.
  /// - Throws: `InferenceError` where a parameter is missing or of another shape.
  init(_ checkpoint: Checkpoint) throws {
    let network = checkpoint.network
    let graph = try Lowering.graph(of: network, checkpoint.weights)
    var last: [LoweredGraph.ValueID: String] = [LoweredGraph.input: Network.inputName]
    var weighted: [LoweredGraph.ValueID: String] = [:]
    for node in network.nodes {
      guard let value = graph.bound[node.name] else { continue }
      if node.operation.traits.contains(.hasInt8Weights) { weighted[value] = node.name }
      if !node.operation.traits.computesNothing { last[value] = node.name }
    }
    for value in graph.values.indices where value != graph.output {
      guard let name = last[value], !graph.keepsGrid(value) else { continue }
      names.append(name)
      layers[name] = graph.layers(reading: value, weighted)
      if graph.values[value].uses == 1, let reader = graph.concat(reading: value),
        reader != graph.output, value != LoweredGraph.input
      {
        shared[name] = last[reader]
      }
    }
  }

  /// The values that get grids where some layers compute in float32: those that only they read do not.
  func names(besides fallback: Set<String>) -> [String] {
    names.filter { name in
      guard let readers = layers[name] ?? nil else { return true }
      return !readers.isSubset(of: fallback)
    }
  }
}

extension LoweredGraph {
  fileprivate func readers(of value: ValueID) -> [Node] {
    nodes.filter { $0.inputs.contains(value) }
  }

  /// Whether the value's numbers are another value's, on its grid.
  fileprivate func keepsGrid(_ value: ValueID) -> Bool {
    guard let operation = producer(of: value).map({ nodes[$0].operation }) else { return false }
    return operation.movesValues && !operation.isConcat
  }

  fileprivate func concat(reading value: ValueID) -> ValueID? {
    readers(of: value).first { $0.operation.isConcat }?.output
  }

  /// Convolutions and linear layers that read a value; nil where others read it too.
  fileprivate func layers(reading value: ValueID, _ names: [ValueID: String]) -> Set<String>? {
    var result: Set<String> = []
    for reader in readers(of: value) {
      if let name = names[reader.output] {
        result.insert(name)
      } else if reader.output != output, reader.operation.movesValues,
        let more = layers(reading: reader.output, names)
      {
        result.formUnion(more)
      } else {
        return nil
      }
    }
    return result
  }
}
