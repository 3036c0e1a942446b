import Checkpoints
import CommandSupport
import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

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
    compare("preprocessing", first.preprocessing.attributes, second.preprocessing.attributes)
    compare("label", Self.numbered(first.labels), Self.numbered(second.labels))
    compare("training", first.training?.facts ?? [:], second.training?.facts ?? [:])
    compare("quantisation", first.quantization?.facts ?? [:], second.quantization?.facts ?? [:])
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
      Dictionary(network.nodes.map { ($0.name, $0.text) }, uniquingKeysWith: { $1 })
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

extension Tensor {
  fileprivate var form: String {
    "\(element.rawValue) \(shape.map(String.init).joined(separator: "×"))"
  }
}

extension Encodable {
  /// The members of the value's JSON as text.
  fileprivate var members: [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { return [:] }
    return JSONValue.parsed(String(decoding: data, as: UTF8.self)).members
  }
}

extension Node {
  fileprivate var text: String {
    let parts = members.filter { $0.key != "name" && $0.key != "type" }.sorted { $0.key < $1.key }
    return ([operation.kind.rawValue] + parts.map { "\($0.key) \($0.value)" }).joined(
      separator: ", ")
  }
}

extension Preprocessing {
  fileprivate var attributes: [String: String] { members }
}

extension TrainingRecord {
  /// Counts, seed, the recipe's members and the last value of each column.
  fileprivate var facts: [String: String] {
    var result = JSONValue.parsed(recipe).members
    result = Dictionary(result.map { ("recipe \($0.key)", $0.value) }, uniquingKeysWith: { $1 })
    result["epoch"] = "\(epoch)"
    result["step"] = "\(step)"
    result["seed"] = "\(seed)"
    for column in history { result["last \(column.name)"] = column.values.last.map { "\($0)" } }
    return result
  }
}

extension Quantization {
  fileprivate var facts: [String: String] {
    var result = ["method": method, "samples": "\(samples)"]
    for (name, grid) in activations {
      result["of \(name)"] = "scale \(grid.scale), zero point \(grid.zeroPoint)"
    }
    return result
  }
}
