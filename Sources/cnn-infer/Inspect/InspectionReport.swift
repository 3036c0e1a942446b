import Checkpoints
import CommandSupport
import Files
import Networks

/// What `inspect` prints.
struct InspectionReport {
  let path: String
  let checkpoint: Checkpoint
  let file: CheckpointFile.Description
  let arenaBytes: Int
  let activationBytes: Int
  let isVerified: Bool?
  let statistics: StatisticsReport?
  let difference: DifferenceReport?

  /// For people: the layers as a tree, then a row for each subject; or only what differs.
  var text: String {
    if let difference { return difference.text }
    let labels = checkpoint.labels.map(\.printable).joined(separator: ", ")
    var rows = [
      ["file", "\(path.printable): \(facts)"],
      ["input", inputText],
      ["labels", labels.isEmpty ? "none" : labels],
      [
        "memory",
        "\(Decimals.bytes(arenaBytes)) of activations at once, "
          + "\(Decimals.bytes(activationBytes)) in all",
      ],
      ["training", trainingText],
    ]
    if let isVerified {
      rows.append(["verified", isVerified ? "every dataset's checksum agrees" : "no"])
    }
    if let quantization = checkpoint.quantization {
      rows.append(["quantised", "\(quantization.method.printable), \(quantization.samples) images"])
    }
    return [
      LayerTree(checkpoint).text, statistics?.text, gridText,
      TextTable(rows).description,
      checkpoint.training.flatMap { HistoryChart($0.history).text },
    ].compactMap(\.self).joined(separator: "\n\n")
  }

  /// Of a quantised checkpoint: each activation's grid, and what it spans.
  private var gridText: String? {
    guard let activations = checkpoint.quantization?.activations else { return nil }
    var rows = [["value", "scale", "zero point", "least", "greatest"]]
    for name in [Network.inputName] + checkpoint.network.nodes.map(\.name) {
      guard let grid = activations[name] else { continue }
      func real(_ integer: Int) -> String {
        StatisticsReport.digits(Double(integer - Int(grid.zeroPoint)) * Double(grid.scale))
      }
      rows.append([name.printable, "\(grid.scale)", "\(grid.zeroPoint)", real(0), real(255)])
    }
    return TextTable(rows, numeric: [1, 2, 3, 4]).description
  }

  private var facts: String {
    "cnn-checkpoint \(file.version) by \(file.producer.printable), \(Decimals.bytes(file.bytes)), "
      + file.precision.rawValue
  }

  private var inputText: String {
    let input = checkpoint.preprocessing
    func list(_ values: [Float]) -> String { values.map { "\($0)" }.joined(separator: " ") }
    let resize =
      switch input.resize {
      case .stretch: "stretched"
      case .centerCrop: "the shorter side to \(input.resizeShorterSide), then the centre"
      }
    return "\(input.shape), bytes × \(input.scale), \(resize), mean \(list(input.mean)), "
      + "std \(list(input.std))" + (input.invert ? ", inverted" : "")
  }

  private var trainingText: String {
    guard let training = checkpoint.training else { return "no record" }
    let last = training.history.compactMap { column in
      column.values.last.map { value in
        let text = value < 0.001 ? "\(Float(value))" : Decimals.text(value, 4)
        return "\(column.name.printable) \(text)"
      }
    }
    return (["epoch \(training.epoch), step \(training.step), seed \(training.seed)"] + last)
      .joined(separator: ", ")
  }

  /// For programs: one object.
  var json: JSONValue {
    let network = checkpoint.network
    var members: [JSONValue.Member] = [
      .init("format", .string("cnn-checkpoint")),
      .init("version", .integer(file.version)),
      .init("network", .string(network.name)),
      .init("parameters", .integer(network.parameterCount)),
      .init("macs", .integer(network.macs)),
      .init("bytes", .integer(file.bytes)),
      .init("precision", .string(file.precision.rawValue)),
      .init("arenaBytes", .integer(arenaBytes)),
      .init("activationBytes", .integer(activationBytes)),
      .init("layers", .array(network.nodes.map { layer($0, of: network) })),
      .init("training", checkpoint.training?.json ?? .null),
      .init("labels", .array(checkpoint.labels.map { .string($0) })),
      .init("preprocessing", checkpoint.preprocessing.json),
      .init("verified", isVerified.map { .bool($0) } ?? .null),
    ]
    if let quantization = checkpoint.quantization {
      members.append(.init("quantization", quantization.json))
    }
    if let statistics { members.append(.init("statistics", statistics.json)) }
    if let difference { members.append(.init("diff", difference.json)) }
    return .object(members)
  }

  private func layer(_ node: Node, of network: Network) -> JSONValue {
    let parameters = network.parameters(of: node)
    let trained = parameters.filter(\.role.isTrainable).reduce(0) { $0 + $1.count }
    return .object([
      .init("name", .string(node.name)),
      .init("type", .string(node.operation.kind.rawValue)),
      .init("outputShape", .integers([1] + network.shape(of: node.name).dimensions)),
      .init("parameters", .integer(trained)),
      .init("macs", .integer(network.macs(of: node))),
      .init("bytes", .integer(LayerTree.bytes(of: node, in: checkpoint))),
      .init(
        "values",
        parameters.first.flatMap { checkpoint.weights[$0] }.map { .string($0.element.rawValue) }
          ?? .null),
      .init("inputs", .array(node.inputs.map { .string($0) })),
    ])
  }
}

extension JSONValue {
  fileprivate static func integers(_ values: [Int]) -> JSONValue {
    .array(values.map { .integer($0) })
  }

  fileprivate static func floats(_ values: [Float]) -> JSONValue {
    .array(values.map { .float($0) })
  }
}

extension Preprocessing {
  /// With the names of the checkpoint's attributes.
  fileprivate var json: JSONValue {
    .object([
      .init("channels", .integer(channels)),
      .init("height", .integer(height)),
      .init("width", .integer(width)),
      .init("scale", .float(scale)),
      .init("mean", .floats(mean)),
      .init("std", .floats(std)),
      .init("background", .floats(background)),
      .init("resize", .string(resize.rawValue)),
      .init("resize_shorter_side", .integer(resizeShorterSide)),
      .init("invert", .bool(invert)),
    ])
  }
}

extension TrainingRecord {
  fileprivate var json: JSONValue {
    .object([
      .init("epoch", .integer(epoch)),
      .init("step", .integer(step)),
      // Beyond 2^53 many readers of JSON lose digits of a number, but not of its text in a line.
      .init("seed", .verbatim("\(seed)")),
      .init("recipe", .parsed(recipe)),
      .init(
        "history",
        .object(history.map { .init($0.name, .array($0.values.map { .number($0) })) })),
    ])
  }
}

extension Quantization {
  fileprivate var json: JSONValue {
    .object([
      .init("method", .string(method)),
      .init("samples", .integer(samples)),
      .init(
        "activations",
        .object(
          activations.sorted { $0.key < $1.key }.map { name, grid in
            .init(
              name,
              .object([
                .init("scale", .float(grid.scale)),
                .init("zeroPoint", .integer(Int(grid.zeroPoint))),
              ]))
          })),
    ])
  }
}
