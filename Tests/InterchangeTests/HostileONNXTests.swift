import Interchange
import Networks
import TestSupport
import Testing

/// Bytes of a protobuf field, written by hand so that they can be wrong.
private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
  var length = bytes.count
  var result = [number << 3 | 2]
  while length >= 0x80 {
    result.append(UInt8(length & 0x7F) | 0x80)
    length >>= 7
  }
  return result + [UInt8(length)] + bytes
}

private func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

private func field(_ number: UInt8, integer: UInt8...) -> [UInt8] { [number << 3] + integer }

@Suite("Protobuf messages")
struct ProtobufTests {
  private func first(_ bytes: [UInt8]) throws -> (UInt64, ProtobufReader.Value)? {
    var reader = ProtobufReader(ByteSource(bytes: bytes, path: "test"))
    return try reader.next().map { ($0.field, $0.value) }
  }

  @Test(
    "Integers of one to ten bytes are read",
    arguments: [
      ([0], 0), ([0x7F], 127), ([0x80, 1], 128), ([0xAC, 2], 300),
      ([255, 255, 255, 255, 255, 255, 255, 255, 255, 1], UInt64.max),
    ] as [([UInt8], UInt64)])
  func integers(bytes: [UInt8], value: UInt64) throws {
    guard case (1, .varint(let found))? = try first([8] + bytes) else {
      Issue.record("no integer")
      return
    }
    #expect(found == value)
  }

  @Test(
    "What is no field is refused at its byte",
    arguments: [
      ([0], .invalidField(offset: 0)),
      ([8 | 3], .invalidField(offset: 0)),
      ([8 | 4], .invalidField(offset: 0)),
      ([8 | 7], .invalidField(offset: 0)),
      ([8], .truncated(offset: 1)),
      ([8, 0x80], .truncated(offset: 2)),
      ([8] + [UInt8](repeating: 0x80, count: 9) + [2], .invalidVarint(offset: 1)),
      ([8] + [UInt8](repeating: 0xFF, count: 20), .invalidVarint(offset: 1)),
      ([8 | 1, 0, 0, 0, 0, 0, 0, 0], .truncated(offset: 8)),
      ([8 | 5, 0, 0, 0], .truncated(offset: 4)),
      ([8 | 2, 3, 0, 0], .truncated(offset: 1)),
      ([8 | 2, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], .truncated(offset: 1)),
    ] as [([UInt8], ONNXFault)])
  func faults(bytes: [UInt8], fault: ONNXFault) {
    #expect(throws: InterchangeError.onnx(path: "test", fault)) { try first(bytes) }
  }

  @Test("Messages in messages end at the limit")
  func nesting() throws {
    let bytes = [UInt8](repeating: 0, count: 4)
    var reader = ProtobufReader(ByteSource(bytes: bytes, path: "test"))
    for _ in 0..<ProtobufReader.depthLimit { reader = try reader.message(0..<4) }
    #expect(throws: InterchangeError.onnx(path: "test", .tooDeep(offset: 0))) {
      try reader.message(0..<4)
    }
  }
}

@Suite("Hostile ONNX files")
struct HostileONNXTests {
  private static let overflow: [UInt8] = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]
  private static let negative: [UInt8] = [255, 255, 255, 255, 255, 255, 255, 255, 255, 1]

  private static func tensor(_ dims: [UInt8], type: UInt8 = 1, _ rest: [UInt8]) -> [UInt8] {
    field(5, field(1, dims) + field(2, integer: type) + field(8, "fc.weight") + rest)
  }

  private static func raw(_ count: Int) -> [UInt8] { field(9, [UInt8](repeating: 0, count: count)) }

  /// A place of external data.
  private static func external(_ pairs: [(String, String)]) -> [UInt8] {
    pairs.flatMap { field(13, field(1, $0.0) + field(2, $0.1)) } + field(14, integer: 1)
  }

  /// Graphs of one tensor `fc.weight` [1, 2], and what is said of them.
  static let cases: [(graph: [UInt8], fault: ONNXFault)] = [
    (tensor(overflow + overflow, raw(8)), .invalidShape(tensor: "fc.weight")),
    (tensor(overflow + [4, 0], raw(0)), .invalidShape(tensor: "fc.weight")),
    (tensor(negative, raw(8)), .invalidShape(tensor: "fc.weight")),
    (tensor(negative, type: 8, raw(8)), .invalidShape(tensor: "fc.weight")),
    (
      tensor([1, 2], raw(7)),
      .wrongLength(tensor: "fc.weight", expected: 8, found: 7)
    ),
    (
      tensor([UInt8](repeating: 1, count: 33), raw(4)), .tooMany("integers", limit: 32)
    ),
    (
      field(5, (0..<40).flatMap { _ in field(1, integer: 1) }), .tooMany("axes", limit: 32)
    ),
    (tensor([1, 2], raw(8)) + tensor([1, 2], raw(8)), .duplicateTensor("fc.weight")),
    (tensor([1, 2], field(4, [0, 0, 0, 0, 0, 0, 0, 0])), .notRaw(tensor: "fc.weight")),
    (field(5, field(8, integer: 1)), .wrongType(field: "name")),
    (field(5, integer: 1), .wrongType(field: "initializer")),
    (field(5, field(8, [0xFF])), .notUTF8(offset: 6)),
    (
      tensor([1, 2], external([("location", "a/b")])),
      .externalData(tensor: "fc.weight", detail: "its place is no plain file name")
    ),
    (
      tensor([1, 2], external([])),
      .externalData(tensor: "fc.weight", detail: "its place is no plain file name")
    ),
    (
      tensor([1, 2], external((0..<17).map { ("\($0)", "") })),
      .tooMany("external places", limit: 16)
    ),
  ]

  private func read(_ model: [UInt8], path: String = "test") throws -> Imported {
    let builder = NetworkBuilder("linear", channels: 1, height: 1, width: 2)
    let network = try builder.network(
      output: builder.input.flatten().linear("fc", 1, bias: false))
    return try ONNXModel(ByteSource(bytes: model, path: path))
      .checkpoint(ImportOptions(network: network))
  }

  @Test("Each fault has a message of its own", arguments: cases)
  func refused(graph: [UInt8], fault: ONNXFault) {
    let error = InterchangeError.onnx(path: "test", fault)
    #expect(throws: error) { try read(field(7, graph)) }
    #expect(!"\(error)".contains("\n"))
  }

  @Test("A whole file of this form is read")
  func whole() throws {
    let weights = try read(
      field(7, Self.tensor([1, 2], field(9, [0, 0, 0x80, 0x3F, 0, 0, 0, 0]))))
    #expect(weights.checkpoint.weights["fc", .weight]?.floats == [1, 0])
  }

  @Test("No graph, two graphs, text and nothing are refused")
  func graphs() {
    let graph = field(7, Self.tensor([1, 2], Self.raw(8)))
    let cases: [([UInt8], ONNXFault)] = [
      ([], .graphCount(0)), (graph + graph, .graphCount(2)),
      (Array("text".utf8), .invalidField(offset: 0)),
    ]
    for (bytes, fault) in cases {
      #expect(throws: InterchangeError.onnx(path: "test", fault)) { try read(bytes) }
    }
  }

  @Test(
    "Places outside of the external file are refused",
    arguments: ["5", "-1", "x", "9999999999999999999"])
  func externalOffsets(offset: String) throws {
    let scratch = try Scratch()
    _ = try scratch.write([UInt8](repeating: 0, count: 12), to: "w.data")
    func model(_ offset: String, _ length: String) -> [UInt8] {
      let pairs = [("location", "w.data"), ("offset", offset), ("length", length)]
      return field(7, Self.tensor([1, 2], Self.external(pairs)))
    }
    let path = scratch.path("a.onnx")
    let error = InterchangeError.onnx(
      path: path,
      .externalData(tensor: "fc.weight", detail: "its bytes are not inside of 'w.data'"))
    #expect(throws: error) { try read(model(offset, "8"), path: path) }
    #expect(throws: error) { try read(model("0", "4"), path: path) }
    #expect(throws: Never.self) { try read(model("4", "8"), path: path) }
  }

  @Test("More entries than any model has are refused, not collected")
  func tooMany() {
    let graph = (0..<900_000).flatMap { _ in field(1, [UInt8]()) }
    #expect(
      throws: InterchangeError.onnx(
        path: "test", .tooMany("entries of the graph", limit: 800_000))
    ) { try read(field(7, graph)) }
  }
}
