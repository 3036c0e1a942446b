/// What an ONNX file holds, without its weights: checked, bounded, and read in one pass.
package struct ONNXModel {
  /// More of anything than any model of ours has (10,000 nodes of at most a dozen tensors).
  static let entryLimit = 200_000

  private(set) var irVersion = 0
  private(set) var producer = ""
  private(set) var opset = 0
  package private(set) var metadata: [String: String] = [:]
  private(set) var graph = ONNXGraphSummary()
  let source: ByteSource

  /// Reads and checks a model.
  package init(_ source: ByteSource) throws {
    self.source = source
    var reader = ProtobufReader(source)
    var graphs = 0
    while let (field, value) = try reader.next() {
      switch field {
      case 1: irVersion = try reader.integer(value, "ir_version")
      case 2: producer = try reader.text(value, "producer_name")
      case 7:
        graphs += 1
        guard graphs == 1 else { throw reader.fault(.graphCount(graphs)) }
        graph = try ONNXGraphSummary(try reader.inner(value, "graph"))
      case 8: try readOpset(try reader.inner(value, "opset_import"))
      case 14:
        let (key, text) = try reader.inner(value, "metadata_props").pair()
        guard metadata.count < Self.entryLimit else {
          throw reader.fault(.tooMany("metadata", limit: Self.entryLimit))
        }
        metadata[key] = text
      default: break
      }
    }
    guard graphs == 1 else { throw reader.fault(.graphCount(graphs)) }
  }

  private mutating func readOpset(_ message: ProtobufReader) throws {
    var reader = message
    var domain = ""
    var version = 0
    while let (field, value) = try reader.next() {
      switch field {
      case 1: domain = try reader.text(value, "domain")
      case 2: version = try reader.integer(value, "version")
      default: break
      }
    }
    if domain.isEmpty || domain == "ai.onnx" { opset = version }
  }

  /// For `inspect`.
  package var description: FileDescription {
    FileDescription(
      format: .onnx, bytes: source.count,
      tensors: graph.tensors.map {
        .init(name: $0.name, shape: $0.shape, element: $0.elementName, bytes: $0.byteCount)
      },
      metadata: metadata,
      graph: .init(
        name: graph.name, irVersion: irVersion, opset: opset, producer: producer,
        operators: graph.operators, inputs: graph.inputs, outputs: graph.outputs))
  }
}

/// The parts of a `GraphProto` that are read.
struct ONNXGraphSummary {
  var name = ""
  var operators: [String: Int] = [:]
  var tensors: [ONNXTensor] = []
  var inputs: [String] = []
  var outputs: [String] = []

  init() {}

  init(_ message: ProtobufReader) throws {
    var reader = message
    var names: Set<String> = []
    var entries = 0
    while let (field, value) = try reader.next() {
      entries += 1
      guard entries <= ONNXModel.entryLimit * 4 else {
        throw reader.fault(.tooMany("entries of the graph", limit: ONNXModel.entryLimit * 4))
      }
      switch field {
      case 1: operators[try Self.operation(try reader.inner(value, "node")), default: 0] += 1
      case 2: name = try reader.text(value, "name")
      case 5:
        let tensor = try ONNXTensor(try reader.inner(value, "initializer"))
        guard names.insert(tensor.name).inserted else {
          throw reader.fault(.duplicateTensor(tensor.name))
        }
        guard tensors.count < ONNXModel.entryLimit else {
          throw reader.fault(.tooMany("tensors", limit: ONNXModel.entryLimit))
        }
        tensors.append(tensor)
      case 11: inputs.append(try ONNXValueSummary(try reader.inner(value, "input")).description)
      case 12: outputs.append(try ONNXValueSummary(try reader.inner(value, "output")).description)
      default: break
      }
    }
  }

  private static func operation(_ message: ProtobufReader) throws -> String {
    var reader = message
    var result = ""
    while let (field, value) = try reader.next() {
      if field == 4 { result = try reader.text(value, "op_type") }
    }
    return result
  }
}

extension ProtobufReader {
  /// The integer of a field that ONNX stores as a varint.
  func integer(_ value: Value, _ field: String) throws -> Int {
    guard case .varint(let bits) = value else { throw fault(.wrongType(field: field)) }
    return Int(Int64(bitPattern: bits))
  }

  /// The text of a field that ONNX stores as a string.
  func text(_ value: Value, _ field: String) throws -> String {
    try string(try place(value, field))
  }

  /// The message of a field that ONNX stores as one.
  func inner(_ value: Value, _ field: String) throws -> ProtobufReader {
    try message(try place(value, field))
  }

  /// Where the bytes of a field are.
  func place(_ value: Value, _ field: String) throws -> Range<Int> {
    guard case .bytes(let range) = value else { throw fault(.wrongType(field: field)) }
    return range
  }

  /// This message as a `StringStringEntryProto`.
  func pair() throws -> (key: String, value: String) {
    var reader = self
    var result = (key: "", value: "")
    while let (field, value) = try reader.next() {
      switch field {
      case 1: result.key = try reader.text(value, "key")
      case 2: result.value = try reader.text(value, "value")
      default: break
      }
    }
    return result
  }
}
