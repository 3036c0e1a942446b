import CommandSupport
import Files
import Interchange
import Networks

/// What `inspect` prints of a file of another format.
struct ForeignReport {
  let path: String
  let file: FileDescription
  let difference: DifferenceReport?

  /// Whether the file's name has one of the endings that `inspect` describes.
  static func knows(_ path: String) -> Bool {
    let name = path.lowercased()
    return name.hasSuffix(".onnx") || name.hasSuffix(".safetensors")
  }

  private var elementCount: Int {
    file.tensors.reduce(0) { sum, tensor in
      let count = tensor.shape.reduce((1, false)) { product, side in
        let (value, overflow) = product.0.multipliedReportingOverflow(by: side)
        return (value, product.1 || overflow)
      }
      return count.1 ? sum : sum &+ count.0
    }
  }

  private var statistics: StatisticsReport? {
    let entries = file.tensors.compactMap { tensor in
      tensor.statistics.map { (tensor.name, tensor.shape, $0) }
    }
    return entries.isEmpty ? nil : StatisticsReport(entries)
  }

  var text: String {
    if let difference { return difference.text }
    let tensors = file.tensors.map { tensor in
      [
        tensor.name.printable, "\(TensorShape(tensor.shape))",
        tensor.element.printable, Decimals.bytes(tensor.bytes),
      ]
    }
    var rows = [
      [
        "file",
        "\(path.printable): \(file.format.rawValue), \(Decimals.bytes(file.bytes)), "
          + "\(file.tensors.count) tensors, \(elementCount.grouped) elements",
      ]
    ]
    if let graph = file.graph {
      rows += [
        ["graph", "\(graph.name.printable) by \(graph.producer.printable), opset \(graph.opset)"],
        ["inputs", graph.inputs.map(\.printable).joined(separator: ", ")],
        ["outputs", graph.outputs.map(\.printable).joined(separator: ", ")],
      ]
    }
    for (key, value) in file.metadata.sorted(by: { $0.key < $1.key }) {
      let start = value.printable
      rows.append([key.printable, start.count > 60 ? start.prefix(60) + "…" : start])
    }
    return [
      TextTable(tensors, numeric: [3]).description, statistics?.text, TextTable(rows).description,
    ].compactMap(\.self).joined(separator: "\n\n")
  }

  var json: JSONValue {
    let tensors = file.tensors.map { tensor in
      JSONValue.object([
        .init("name", .string(tensor.name)),
        .init("shape", .array(tensor.shape.map { .integer($0) })),
        .init("element", .string(tensor.element)),
        .init("bytes", .integer(tensor.bytes)),
      ])
    }
    let metadata = file.metadata.sorted { $0.key < $1.key }.map {
      JSONValue.Member($0.key, .string($0.value))
    }
    var members: [JSONValue.Member] = [
      .init("format", .string(file.format.rawValue)),
      .init("bytes", .integer(file.bytes)),
      .init("tensors", .array(tensors)),
      .init("metadata", .object(metadata)),
    ]
    if let statistics { members.append(.init("statistics", statistics.json)) }
    if let difference { members.append(.init("diff", difference.json)) }
    return .object(members)
  }
}
