/// An initialiser of an ONNX file: a checked `TensorProto`, not yet read.
struct ONNXTensor {
  /// The most axes of a tensor.
  private static let rankLimit = 32

  private(set) var name = ""
  private(set) var shape: [Int] = []
  private(set) var type = 0
  /// Where `raw_data` is.
  private(set) var raw: Range<Int>?
  /// `location`, `offset`, `length` of data in another file.
  private(set) var external: [String: String]?
  private var typedBytes = 0

  init(_ message: ProtobufReader) throws {
    var reader = message
    var isExternal = false
    var places: [String: String] = [:]
    while let (field, value) = try reader.next() {
      switch field {
      case 1: try append(value, reader)
      case 2: type = try reader.integer(value, "data_type")
      case 4, 5, 6, 7, 10, 11: typedBytes += try Self.length(value)
      case 8: name = try reader.text(value, "name")
      case 9: raw = try reader.place(value, "raw_data")
      case 13:
        let (key, text) = try reader.inner(value, "external_data").pair()
        guard places.count < 16 else { throw reader.fault(.tooMany("external places", limit: 16)) }
        places[key] = text
      case 14: isExternal = try reader.integer(value, "data_location") == 1
      default: break
      }
    }
    external = isExternal ? places : nil
    try check(reader)
  }

  private mutating func append(_ value: ProtobufReader.Value, _ reader: ProtobufReader) throws {
    switch value {
    case .varint(let bits): shape.append(Int(Int64(bitPattern: bits)))
    case .bytes(let range): shape += try reader.integers(range, limit: Self.rankLimit)
    case .fixed32, .fixed64: throw reader.fault(.wrongType(field: "dims"))
    }
    guard shape.count <= Self.rankLimit else {
      throw reader.fault(.tooMany("axes", limit: Self.rankLimit))
    }
  }

  private static func length(_ value: ProtobufReader.Value) throws -> Int {
    switch value {
    case .bytes(let range): range.count
    case .varint, .fixed32: 4
    case .fixed64: 8
    }
  }

  /// Shape, type and length must agree where all three are known.
  private func check(_ reader: ProtobufReader) throws {
    guard let element = ONNXElement(rawValue: type)?.element else {
      guard StoredElement.uint8.byteCount(of: shape) != nil else {
        throw reader.fault(.invalidShape(tensor: name))
      }
      return
    }
    guard let expected = element.byteCount(of: shape) else {
      throw reader.fault(.invalidShape(tensor: name))
    }
    if let raw, raw.count != expected {
      throw reader.fault(.wrongLength(tensor: name, expected: expected, found: raw.count))
    }
  }

  /// The element type's name in ONNX.
  var elementName: String { ONNXElement(rawValue: type)?.name ?? "type \(type)" }

  /// The bytes of the data: in this file where they are, else what type and shape say.
  var byteCount: Int {
    if let raw { return raw.count }
    if external != nil, let element = ONNXElement(rawValue: type)?.element {
      return element.byteCount(of: shape) ?? 0
    }
    return typedBytes
  }
}

/// The name, type and shape of a graph's input or output.
struct ONNXValueSummary {
  private var name = ""
  private var element = ""
  private var shape: [String] = []

  /// `input: FLOAT[batch×1×28×28]`.
  var description: String { "\(name): \(element)[\(shape.joined(separator: "×"))]" }

  init(_ message: ProtobufReader) throws {
    var reader = message
    while let (field, value) = try reader.next() {
      switch field {
      case 1: name = try reader.text(value, "name")
      case 2: try readType(try reader.inner(value, "type"))
      default: break
      }
    }
  }

  private mutating func readType(_ message: ProtobufReader) throws {
    var reader = message
    while let (field, value) = try reader.next() {
      guard field == 1 else { continue }
      var tensor = try reader.inner(value, "tensor_type")
      while let (field, value) = try tensor.next() {
        switch field {
        case 1:
          let type = try tensor.integer(value, "elem_type")
          element = ONNXElement(rawValue: type)?.name ?? "type \(type)"
        case 2: try readShape(try tensor.inner(value, "shape"))
        default: break
        }
      }
    }
  }

  private mutating func readShape(_ message: ProtobufReader) throws {
    var reader = message
    while let (field, value) = try reader.next() {
      guard field == 1 else { continue }
      guard shape.count < 64 else { throw reader.fault(.tooMany("axes", limit: 64)) }
      var dimension = try reader.inner(value, "dim")
      var text = "?"
      while let (field, value) = try dimension.next() {
        switch field {
        case 1: text = "\(try dimension.integer(value, "dim_value"))"
        case 2: text = try dimension.text(value, "dim_param")
        default: break
        }
      }
      shape.append(text)
    }
  }
}
