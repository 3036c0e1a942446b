import Checkpoints
import Interchange
import TestSupport
import Testing

@Suite("Hostile safetensors files")
struct HostileSafetensorsTests {
  /// A header, the data after it in bytes, and what is said of it.
  struct Case: CustomTestStringConvertible {
    var header: String
    var data = 0
    var length: UInt64?
    var fault: SafetensorsFault
    var testDescription: String { "\(fault)" }
  }

  private static func entry(
    _ offsets: String, name: String = "a", type: String = "F32", shape: String = "[2]"
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  static let cases: [Case] = [
    Case(header: "{}", length: 1 << 63, fault: .headerTooLong(length: 1 << 63)),
    Case(header: "{}", length: .max, fault: .headerTooLong(length: .max)),
    Case(header: "{}", length: 100_000_001, fault: .headerTooLong(length: 100_000_001)),
    Case(header: "{}", length: 3, fault: .headerOutsideFile(length: 3, file: 10)),
    Case(header: "", fault: .notAnObject),
    Case(header: "[]", fault: .notAnObject),
    Case(header: " {}", fault: .notAnObject),
    Case(header: "{", fault: .malformedJSON(offset: 1, detail: "no string")),
    Case(header: "{}x", fault: .malformedJSON(offset: 2, detail: "text after the end")),
    Case(header: #"{"a":01}"#, fault: .malformedJSON(offset: 5, detail: "no JSON value")),
    Case(header: #"{"a":{},}"#, fault: .malformedJSON(offset: 8, detail: "no string")),
    Case(header: #"{"a":{}}"#, fault: .malformedEntry(tensor: "a", key: "dtype")),
    Case(header: "{\"\u{1}\":1}", fault: .malformedJSON(offset: 2, detail: "a control character")),
    Case(
      header: #"{"\ud800":1}"#,
      fault: .malformedJSON(offset: 8, detail: "half a surrogate pair")),
    Case(header: #"{"a":"# + String(repeating: "[", count: 100_000), fault: .tooDeep(offset: 12)),
    Case(
      header: #"{"a":"# + String(repeating: #"{"a":"#, count: 100_000), fault: .tooDeep(offset: 40)),
    Case(header: #"{"__metadata__":{"k":"1","k":"2"}}"#, fault: .duplicateKey("k")),
    Case(
      header: "{\(entry("[0,8]")),\(entry("[0,8]"))}", data: 8, fault: .duplicateKey("a")),
    Case(header: #"{"__metadata__":{"k":1}}"#, fault: .metadataNotText(key: "k")),
    Case(header: #"{"__metadata__":"k"}"#, fault: .metadataNotText(key: "__metadata__")),
    Case(header: #"{"a":7}"#, fault: .malformedEntry(tensor: "a", key: "dtype")),
    Case(
      header: "{\(entry("[0,8]", shape: "[-2]"))}", data: 8,
      fault: .malformedEntry(tensor: "a", key: "shape")),
    Case(
      header: "{\(entry("[0,8]", shape: "[2.0]"))}", data: 8,
      fault: .malformedEntry(tensor: "a", key: "shape")),
    Case(
      header: "{\(entry("[0,8]", shape: "[99999999999999999999]"))}", data: 8,
      fault: .malformedEntry(tensor: "a", key: "shape")),
    Case(
      header: "{\(entry("[0,8,16]"))}", data: 8,
      fault: .malformedEntry(tensor: "a", key: "data_offsets")),
    Case(
      header: "{\(entry("[0,8]", type: "F33"))}", data: 8,
      fault: .unknownElement(tensor: "a", element: "F33")),
    // Found by fuzzing: a name that would make two lines of the message.
    Case(
      header: "{\(entry("[0,8]", name: #"\n1"#, type: "Int"))}", data: 8,
      fault: .unknownElement(tensor: "\n1", element: "Int")),
    Case(
      header: "{\(entry("[0,8]", shape: "[4294967296,4294967296]"))}", data: 8,
      fault: .shapeOverflow(tensor: "a")),
    Case(
      header: "{\(entry("[0,0]", shape: "[4611686018427387904,4,0]"))}",
      fault: .shapeOverflow(tensor: "a")),
    Case(header: "{\(entry("[8,0]"))}", data: 8, fault: .reversedOffsets(tensor: "a")),
    Case(header: "{\(entry("[0,8]"))}", data: 7, fault: .outsideFile(tensor: "a")),
    Case(
      header: "{\(entry("[0,9223372036854775807]"))}", data: 8, fault: .outsideFile(tensor: "a")),
    Case(
      header: "{\(entry("[0,8]")),\(entry("[4,12]", name: "b"))}", data: 12,
      fault: .overlap(tensor: "b")),
    Case(
      header: "{\(entry("[0,8]")),\(entry("[0,8]", name: "b"))}", data: 8,
      fault: .overlap(tensor: "b")),
    Case(header: "{\(entry("[4,12]"))}", data: 12, fault: .gap(before: "a")),
    Case(header: "{\(entry("[0,8]"))}", data: 9, fault: .trailingBytes(1)),
    Case(
      header: "{\(entry("[0,8]", type: "F16"))}", data: 8,
      fault: .wrongLength(tensor: "a", expected: 4, found: 8)),
  ]

  @Test("Each fault has a message of its own", arguments: cases)
  func refused(_ one: Case) {
    let bytes = SafetensorsTests.file(
      one.header, [UInt8](repeating: 0, count: one.data), length: one.length)
    let error = InterchangeError.safetensors(path: "test", one.fault)
    #expect(throws: error) { try SafetensorsHeader(ByteSource(bytes: bytes, path: "test")) }
    #expect(!"\(error)".contains("\n"))
  }

  @Test("A file shorter than its length field is refused", arguments: 0..<8)
  func tooShort(count: Int) {
    let bytes = [UInt8](repeating: 0, count: count)
    #expect(
      throws: InterchangeError.safetensors(path: "test", .tooShort(bytes: count))
    ) { try SafetensorsHeader(ByteSource(bytes: bytes, path: "test")) }
  }

  @Test("Entries in any order, tensors without elements and spaces are allowed")
  func allowed() throws {
    let header =
      " {\(Self.entry("[8,16]", name: "b")) , \(Self.entry("[0,8]")),"
      + "\(Self.entry("[8,8]", name: "none", shape: "[0,3]")),"
      + "\(Self.entry("[16,20]", name: "scalar", shape: "[]"))}  "
    let bytes = SafetensorsTests.file(
      String(header.dropFirst()), [UInt8](repeating: 0, count: 20))
    let description = try SafetensorsHeader(ByteSource(bytes: bytes, path: "test")).description
    #expect(description.tensors.map(\.name) == ["a", "none", "b", "scalar"])
    #expect(description.tensors.map(\.bytes) == [8, 0, 8, 4])
  }

  @Test("Truncation at any byte is refused, and flipped bits never trap")
  func damage() throws {
    let scratch = try Scratch()
    let checkpoint = Checkpoint.random(try smallNetwork(channels: 1), seed: 9)
    try Safetensors.write(checkpoint, to: scratch.path("a.safetensors"))
    let whole = try scratch.read("a.safetensors")
    for count in 0..<whole.count {
      #expect(throws: InterchangeError.self) {
        try SafetensorsTests.read(Array(whole.prefix(count)), onto: checkpoint.network)
      }
    }
    var random = SeededGenerator(seed: 17)
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
          1
          << UInt8.random(
            in: 0..<8, using: &random)
      }
      if let read = try? SafetensorsTests.read(bytes, onto: checkpoint.network) {
        #expect(read.checkpoint.weights.nodes.keys == checkpoint.weights.nodes.keys)
      }
    }
  }
}
