import Checkpoints
import Networks
import Tensors

/// A checkpoint as the groups, attributes and datasets of its file, in the order of writing.
struct StoredTree {
  /// A group with its attributes.
  struct Group {
    /// The names from the root; none for the root itself.
    let names: [String]
    /// Its attributes.
    var attributes: [(name: String, value: StoredAttribute)] = []
  }

  /// Every group, each after the one it lies in.
  private(set) var groups: [Group] = []
  /// Every dataset.
  private(set) var datasets: [StoredDataset] = []

  /// Lays a checkpoint out; equal checkpoints give equal trees.
  ///
  /// - Parameters:
  ///   - checkpoint: A valid checkpoint.
  ///   - producer: What writes it.
  /// - Throws: `EncodingError`, which a valid network never meets.
  init(_ checkpoint: Checkpoint, producer: String) throws {
    groups.append(
      Group(
        names: [],
        attributes: [
          ("format", .text(CheckpointFormat.name)),
          ("format_version", .integer(CheckpointFormat.version)), ("producer", .text(producer)),
        ]))
    datasets.append(StoredDataset("network", text: Array(try checkpoint.network.json())))
    datasets.append(StoredDataset("labels", texts: checkpoint.labels))
    add(checkpoint.preprocessing)
    if let quantization = checkpoint.quantization { add(quantization) }
    add(checkpoint.weights, of: checkpoint.network)
    if let training = checkpoint.training { add(training) }
  }

  private mutating func add(_ preprocessing: Preprocessing) {
    groups.append(
      Group(
        names: ["preprocessing"],
        attributes: [
          ("channels", .integer(preprocessing.channels)),
          ("height", .integer(preprocessing.height)),
          ("width", .integer(preprocessing.width)),
          ("scale", .float(preprocessing.scale)),
          ("mean", .floats(preprocessing.mean)),
          ("std", .floats(preprocessing.std)),
          ("background", .floats(preprocessing.background)),
          ("resize", .text(preprocessing.resize.rawValue)),
          ("resize_shorter_side", .integer(preprocessing.resizeShorterSide)),
          ("invert", .boolean(preprocessing.invert)),
        ]))
  }

  private mutating func add(_ quantization: Quantization) {
    groups.append(
      Group(
        names: ["quantization"],
        attributes: [
          ("method", .text(quantization.method)), ("samples", .integer(quantization.samples)),
        ]))
    for (name, activation) in quantization.activations.sorted(by: { $0.key < $1.key }) {
      groups.append(
        Group(
          names: ["quantization", name],
          attributes: [
            ("scale", .float(activation.scale)), ("zero_point", .byte(activation.zeroPoint)),
          ]))
    }
  }

  private mutating func add(_ weights: Weights, of network: Network) {
    groups.append(Group(names: ["weights"]))
    for node in network.nodes {
      guard let tensors = weights.nodes[node.name], !tensors.parameters.isEmpty else { continue }
      let names = ["weights", node.name]
      groups.append(Group(names: names))
      for (role, tensor) in tensors.parameters.sorted(by: { $0.key < $1.key }) {
        datasets.append(StoredDataset(names, role.rawValue, tensor))
      }
      if let scale = tensors.weightScale {
        datasets.append(StoredDataset(names, "weight_scale", scale))
      }
    }
  }

  private mutating func add(_ training: TrainingRecord) {
    var attributes: [(String, StoredAttribute)] = [
      ("epoch", .integer(training.epoch)), ("step", .integer(training.step)),
      ("seed", .unsigned(training.seed)), ("recipe", .text(training.recipe)),
    ]
    if let progress = training.progress { attributes.append(("progress", .text(progress))) }
    groups.append(Group(names: ["training"], attributes: attributes))
    let columns = training.history.map(\.name).joined(separator: ",")
    let history = ["training", "history"]
    groups.append(Group(names: history, attributes: [("columns", .text(columns))]))
    for column in training.history {
      datasets.append(StoredDataset(history, column.name, column.values))
    }
    guard !training.optimizer.isEmpty else { return }
    groups.append(Group(names: ["training", "optimizer"]))
    for (node, tensors) in training.optimizer.sorted(by: { $0.key < $1.key }) {
      let names = ["training", "optimizer", node]
      groups.append(Group(names: names))
      for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
        datasets.append(StoredDataset(names, name, tensor))
      }
    }
  }
}
