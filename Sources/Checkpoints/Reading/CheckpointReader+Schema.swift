package import Networks
import Tensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension CheckpointReader {
  /// What an imported file may lack.
  package struct Supplement {
    /// The network.
    package var network: Network?
    /// The classes' names.
    package var labels: [String]?

    /// Nothing but what is given.
    package init(network: Network? = nil, labels: [String]? = nil) {
      self.network = network
      self.labels = labels
    }
  }

  /// Reads the whole checkpoint.
  ///
  /// - Parameters:
  ///   - options: What to read beside what inference needs.
  ///   - supplement: What to take where an imported file has none.
  /// - Returns: The checkpoint, validated, and who wrote it.
  /// - Throws: `CheckpointError`.
  package func checkpoint(
    _ options: Checkpoint.ReadingOptions, supplement: Supplement = Supplement()
  ) throws -> (checkpoint: Checkpoint, producer: String) {
    let root = try root()
    try checkFormat(root)
    let producer = try text("producer", of: root) ?? ""
    let children = try children(of: root)
    let known: Set = [
      "network", "weights", "preprocessing", "labels", "training", "quantization",
    ]
    try refuseOthers(than: known, in: root, among: children)
    let network = try network(root, children, supplement)
    let result = Checkpoint(
      network: network,
      weights: try weights(of: network, group("weights", in: root, among: children)),
      preprocessing: try preprocessing(of: network, root, children),
      labels: try labels(root, children, supplement),
      training: try training(root, children, options),
      quantization: try quantization(root, children))
    try result.validate(path: path, isFinite: isKnownFinite)
    return (result, producer)
  }

  private func checkFormat(_ root: Place) throws {
    let format = try text("format", of: root)
    guard format == CheckpointFormat.name || (isImport && format == nil) else {
      throw CheckpointError.wrongFormat(
        path: path, found: format.map { "its format is '\($0)'" } ?? "it names no format")
    }
    let version = try integer("format_version", of: root, in: Int.min...Int.max)
    let found = try required(version, "format_version", of: root, else: CheckpointFormat.version)
    guard found == CheckpointFormat.version else {
      throw CheckpointError.unsupportedVersion(
        path: path, found: found, supported: CheckpointFormat.version)
    }
  }

  private func network(
    _ root: Place, _ children: [String: Bool], _ supplement: Supplement
  ) throws -> Network {
    if children["network"] == nil, let network = supplement.network { return network }
    let dataset = try dataset("network", in: root, among: children)
    let texts = try texts(
      dataset, "/network", isScalar: true, countLimit: 1, byteLimit: CheckpointFormat.networkLimit)
    do {
      return try Network(json: Data((texts.first ?? "").utf8))
    } catch let error as NetworkError {
      throw CheckpointError.invalidNetwork(path: path, error)
    }
  }

  private func weights(of network: Network, _ place: Place) throws -> Weights {
    let groups = try children(of: place)
    let parameters = Dictionary(grouping: network.parameters, by: \.node)
    var weights = Weights()
    for node in network.nodes {
      guard let parameters = parameters[node.name] else { continue }
      let group = try group(node.name, in: place, among: groups)
      weights.nodes[node.name] = try nodeWeights(parameters, of: node, group)
    }
    try refuseOthers(than: Set(parameters.keys), in: place, among: groups)
    return weights
  }

  private func nodeWeights(_ parameters: [Parameter], of node: Node, _ place: Place) throws
    -> Weights.NodeWeights
  {
    let datasets = try children(of: place)
    func read(_ name: String, _ shape: [Int], _ elements: [Tensor.Element]) throws -> Tensor {
      let dataset = try dataset(name, in: place, among: datasets)
      return try tensor(dataset, place.path(of: name), shape: shape, of: elements)
    }
    var result = Weights.NodeWeights()
    var known: Set<String> = []
    for parameter in parameters {
      let name = parameter.role.rawValue
      known.insert(name)
      let isQuantizable =
        parameter.role == .weight && node.operation.traits.contains(.hasInt8Weights)
      let elements: [Tensor.Element] = isQuantizable ? [.float32, .int8] : [.float32]
      let tensor = try read(name, parameter.shape, elements)
      result.parameters[parameter.role] = tensor
      if tensor.element == .int8 {
        known.insert("weight_scale")
        result.weightScale = try read("weight_scale", [parameter.shape[0]], [.float32])
      }
    }
    try refuseOthers(than: known, in: place, among: datasets)
    return result
  }

  private func labels(
    _ root: Place, _ children: [String: Bool], _ supplement: Supplement
  ) throws -> [String] {
    if let labels = supplement.labels { return labels }
    if isImport, children["labels"] == nil { return [] }
    return try texts(
      dataset("labels", in: root, among: children), "/labels", isScalar: false,
      countLimit: CheckpointFormat.labelLimit, byteLimit: CheckpointFormat.labelByteLimit)
  }

  /// Whether the one pass over the file showed that a tensor of it has only finite floats.
  private func isKnownFinite(_ tensor: Tensor) -> Bool {
    guard let scan else { return false }
    return tensor.withBytes { elements in
      guard let first = elements.baseAddress, let start = bytes.baseAddress else { return true }
      let offset = first - start
      guard offset >= Seal.blockSize, offset % 4 == 0, offset + elements.count <= bytes.count
      else { return false }
      return !scan.mayHoldNonFinite(offset..<offset + elements.count)
    }
  }
}
