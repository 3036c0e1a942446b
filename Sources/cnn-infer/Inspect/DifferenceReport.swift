import Checkpoints
import CommandSupport
import Files
import Networks
import Tensors

/// What two checkpoints differ in: `inspect A --diff B`.
struct DifferenceReport {
  /// Something that is one thing in the first and another in the second.
  struct Fact {
    let what: String
    let first: String
    let second: String
  }

  /// A tensor that both have.
  struct TensorFact {
    let name: String
    let difference: TensorDifference
  }

  let path: String
  private(set) var facts: [Fact] = []
  private(set) var tensors: [TensorFact] = []

  var isEmpty: Bool { facts.isEmpty && tensors.allSatisfy { $0.difference.differing == 0 } }

  init(_ first: Checkpoint, _ second: Checkpoint, path: String) {
    self.path = path
    compareNetworks(first.network, second.network)
    compare(
      "preprocessing", first.preprocessing.comparedAttributes,
      second.preprocessing.comparedAttributes)
    compare("label", Self.numbered(first.labels), Self.numbered(second.labels))
    compare("training", first.training?.comparedFacts ?? [:], second.training?.comparedFacts ?? [:])
    compare(
      "quantisation", first.quantization?.comparedFacts ?? [:],
      second.quantization?.comparedFacts ?? [:])
    compareTensors(first.namedTensors, second.namedTensors)
  }

  private static func numbered(_ labels: [String]) -> [String: String] {
    Dictionary(labels.enumerated().map { ("\($0)", $1) }, uniquingKeysWith: { $1 })
  }

  private mutating func compareNetworks(_ first: Network, _ second: Network) {
    func facts(_ network: Network) -> [String: String] {
      [
        "name": network.name, "input": "\(network.input)", "output": network.output,
        "initialization": network.initialization.rawValue,
      ]
    }
    func nodes(_ network: Network) -> [String: String] {
      Dictionary(network.nodes.map { ($0.name, $0.comparedText) }, uniquingKeysWith: { $1 })
    }
    compare("network", facts(first), facts(second))
    compare("node", nodes(first), nodes(second))
  }

  private mutating func compareTensors(
    _ first: [(name: String, tensor: Tensor)], _ second: [(name: String, tensor: Tensor)]
  ) {
    let others = Dictionary(second.map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 })
    var shapes: [String: String] = [:]
    var otherShapes = others.mapValues(\.form)
    for (name, tensor) in first {
      if let other = others[name], let difference = TensorDifference(tensor, other) {
        tensors.append(TensorFact(name: name, difference: difference))
        otherShapes[name] = nil
      } else {
        shapes[name] = tensor.form
      }
    }
    compare("tensor", shapes, otherShapes)
  }

  /// Adds what differs in two tables, in the order of the keys.
  private mutating func compare(
    _ kind: String, _ first: [String: String], _ second: [String: String]
  ) {
    for key in Set(first.keys).union(second.keys).sorted() where first[key] != second[key] {
      facts.append(
        Fact(what: "\(kind) \(key)", first: first[key] ?? "–", second: second[key] ?? "–"))
    }
  }

  var text: String {
    guard !isEmpty else { return "no difference to \(path.printable)" }
    var parts: [String] = []
    if !facts.isEmpty {
      let rows = facts.map { [$0.what.printable, $0.first.shortened, $0.second.shortened] }
      parts.append(
        TextTable([["differs", "here", "in \(path.printable)"]] + rows).description)
    }
    let changed = tensors.filter { $0.difference.differing > 0 }
    if !changed.isEmpty {
      let rows = changed.map { fact in
        [
          fact.name.printable,
          "\(fact.difference.differing.grouped) of \(fact.difference.count.grouped)",
          StatisticsReport.digits(fact.difference.greatest),
          StatisticsReport.digits(fact.difference.relative),
        ]
      }
      parts.append(
        TextTable(
          [["tensor", "values that differ", "max |difference|", "relative"]] + rows,
          numeric: [1, 2, 3]
        ).description)
    }
    let same = tensors.count - changed.count
    parts.append("\(same) of \(tensors.count) tensors are equal bit for bit")
    return parts.joined(separator: "\n\n")
  }

  var json: JSONValue {
    .object([
      .init("file", .string(path)),
      .init("equal", .bool(isEmpty)),
      .init(
        "differences",
        .array(
          facts.map {
            .object([
              .init("what", .string($0.what)), .init("first", .string($0.first)),
              .init("second", .string($0.second)),
            ])
          })),
      .init(
        "tensors",
        .array(
          tensors.map { fact in
            .object([
              .init("name", .string(fact.name)),
              .init("count", .integer(fact.difference.count)),
              .init("differing", .integer(fact.difference.differing)),
              .init("maxDifference", .number(fact.difference.greatest)),
              .init("relative", .number(fact.difference.relative)),
            ])
          })),
    ])
  }
}

extension String {
  /// At most forty characters, on one line.
  fileprivate var shortened: String {
    let text = printable
    return text.count > 40 ? text.prefix(39) + "…" : text
  }
}
