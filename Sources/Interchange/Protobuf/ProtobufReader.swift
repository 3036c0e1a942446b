/// Walks the fields of one protobuf message inside its bounds (protobuf.dev, "Encoding"). Knows no
/// schema; lengths are checked before anything is read, groups are refused.
package struct ProtobufReader {
  /// One field's value.
  package enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    /// The place of a string, a packed list or a message in the source.
    case bytes(Range<Int>)
  }

  /// The deepest message inside a message that is opened: a shape's dimension is six deep.
  package static let depthLimit = 16

  let source: ByteSource
  private(set) var position: Int
  private let end: Int
  private let depth: Int

  /// The whole source as one message.
  package init(_ source: ByteSource) {
    self.init(source, 0..<source.count, depth: 0)
  }

  private init(_ source: ByteSource, _ range: Range<Int>, depth: Int) {
    self.source = source
    position = range.lowerBound
    end = range.upperBound
    self.depth = depth
  }

  /// A message inside this one.
  package func message(_ range: Range<Int>) throws -> ProtobufReader {
    guard depth < Self.depthLimit else { throw fault(.tooDeep(offset: range.lowerBound)) }
    return ProtobufReader(source, range, depth: depth + 1)
  }

  /// The next field, or nil at the end of the message.
  package mutating func next() throws -> (field: UInt64, value: Value)? {
    guard position < end else { return nil }
    let start = position
    let tag = try varint()
    guard (1...536_870_911).contains(tag >> 3) else {
      throw fault(.invalidField(offset: start))
    }
    let value: Value =
      switch tag & 7 {
      case 0: .varint(try varint())
      case 1: .fixed64(try fixed(8))
      case 2: .bytes(try delimited())
      case 5: .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
      default: throw fault(.invalidField(offset: start))
      }
    return (tag >> 3, value)
  }

  /// The integers of a packed list.
  func integers(_ range: Range<Int>, limit: Int) throws -> [Int] {
    var inner = try message(range)
    var result: [Int] = []
    while inner.position < inner.end {
      guard result.count < limit else { throw fault(.tooMany("integers", limit: limit)) }
      result.append(Int(Int64(bitPattern: try inner.varint())))
    }
    return result
  }

  /// The text of a string field.
  func string(_ range: Range<Int>) throws -> String {
    guard let text = String(validating: try source.bytes(range), as: UTF8.self) else {
      throw fault(.notUTF8(offset: range.lowerBound))
    }
    return text
  }

  private mutating func varint() throws -> UInt64 {
    let start = position
    var result: UInt64 = 0
    for index in 0..<10 {
      let byte = UInt64(try nextByte())
      // The tenth byte holds the 64th bit alone.
      guard index < 9 || byte <= 1 else { break }
      result |= (byte & 0x7F) << UInt64(7 * index)
      if byte < 0x80 { return result }
    }
    throw fault(.invalidVarint(offset: start))
  }

  private mutating func fixed(_ size: Int) throws -> UInt64 {
    var result: UInt64 = 0
    for index in 0..<size { result |= UInt64(try nextByte()) << UInt64(8 * index) }
    return result
  }

  private mutating func delimited() throws -> Range<Int> {
    let start = position
    let length = try varint()
    guard length <= UInt64(end - position) else {
      throw fault(.truncated(offset: start))
    }
    let range = position..<position + Int(length)
    position = range.upperBound
    return range
  }

  private mutating func nextByte() throws -> UInt8 {
    guard position < end, let byte = try source.byte(at: position) else {
      throw fault(.truncated(offset: position))
    }
    position += 1
    return byte
  }

  /// An error that names the source.
  func fault(_ fault: ONNXFault) -> InterchangeError {
    .onnx(path: source.path, fault)
  }
}
