import Checkpoints
import CommandSupport
import Networks
import Tensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

// What is compared of each part of a checkpoint: names, and values as text.

extension Tensor {
  var form: String { "\(element.rawValue) \(TensorShape(shape))" }
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
  var comparedText: String {
    let parts = members.filter { $0.key != "name" && $0.key != "type" }.sorted { $0.key < $1.key }
    return ([operation.kind.rawValue] + parts.map { "\($0.key) \($0.value)" }).joined(
      separator: ", ")
  }
}

extension Preprocessing {
  var comparedAttributes: [String: String] { members }
}

extension TrainingRecord {
  /// Counts, seed, the recipe's members and the last value of each column.
  var comparedFacts: [String: String] {
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
  var comparedFacts: [String: String] {
    var result = ["method": method, "samples": "\(samples)"]
    for (name, grid) in activations {
      result["of \(name)"] = "scale \(grid.scale), zero point \(grid.zeroPoint)"
    }
    return result
  }
}
