import Tensors

/// One protobuf message in the making (protobuf.dev, "Encoding"): small fields as bytes, tensors by
/// reference, so that writing a model never copies its weights.
struct ProtobufWriter {
  enum Segment {
    case bytes([UInt8])
    case tensor(Tensor)
  }

  private(set) var segments: [Segment] = []
  /// The message's length in bytes.
  private(set) var count = 0

  private enum Wire: UInt64 {
    case varint = 0
    case lengthDelimited = 2
    case fixed32 = 5
  }

  mutating func varint(_ field: UInt64, _ value: Int) {
    append(tag(field, .varint) + Self.encoded(UInt64(bitPattern: Int64(value))))
  }

  mutating func float(_ field: UInt64, _ value: Float) {
    let bits = value.bitPattern
    append(tag(field, .fixed32) + (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
  }

  mutating func bytes(_ field: UInt64, _ value: [UInt8]) {
    append(tag(field, .lengthDelimited) + Self.encoded(UInt64(value.count)))
    append(value)
  }

  mutating func string(_ field: UInt64, _ value: String) {
    bytes(field, Array(value.utf8))
  }

  mutating func integers(_ field: UInt64, _ values: [Int]) {
    bytes(field, values.flatMap { Self.encoded(UInt64(bitPattern: Int64($0))) })
  }

  mutating func tensor(_ field: UInt64, _ value: Tensor) {
    append(tag(field, .lengthDelimited) + Self.encoded(UInt64(value.byteCount)))
    segments.append(.tensor(value))
    count += value.byteCount
  }

  mutating func message(_ field: UInt64, _ build: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    build(&inner)
    append(tag(field, .lengthDelimited) + Self.encoded(UInt64(inner.count)))
    for segment in inner.segments {
      switch segment {
      case .bytes(let bytes): append(bytes)
      case .tensor(let tensor):
        segments.append(.tensor(tensor))
        count += tensor.byteCount
      }
    }
  }

  /// Streams the message.
  func write(to file: FileWriter) throws {
    for segment in segments {
      switch segment {
      case .bytes(let bytes): try file.write(bytes)
      case .tensor(let tensor): try tensor.withBytes { try file.write($0) }
      }
    }
  }

  private mutating func append(_ bytes: [UInt8]) {
    count += bytes.count
    if case .bytes(var last)? = segments.last {
      segments.removeLast()
      last += bytes
      segments.append(.bytes(last))
    } else {
      segments.append(.bytes(bytes))
    }
  }

  private func tag(_ field: UInt64, _ wire: Wire) -> [UInt8] {
    Self.encoded(field << 3 | wire.rawValue)
  }

  /// Seven bits a byte, lowest first, the high bit set on all but the last.
  static func encoded(_ value: UInt64) -> [UInt8] {
    var rest = value
    var result: [UInt8] = []
    while rest >= 0x80 {
      result.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    result.append(UInt8(rest))
    return result
  }
}
