import Tensors

/// The parts of onnx.proto3 (ONNX 1.15, IR version 9) that a graph of ours needs, with the field
/// numbers where they are written.
struct ONNXNode {
  enum Attribute {
    case integer(Int)
    case integers([Int])
    case float(Double)
    case string(String)
  }

  var name: String
  var operation: String
  var inputs: [String]
  var outputs: [String]
  var attributes: [(name: String, value: Attribute)] = []

  func encode(to message: inout ProtobufWriter) {
    for input in inputs { message.string(1, input) }
    for output in outputs { message.string(2, output) }
    message.string(3, name)
    message.string(4, operation)
    for (name, value) in attributes {
      message.message(5) { attribute in
        attribute.string(1, name)
        switch value {
        case .float(let number):
          attribute.float(2, Float(number))
          attribute.varint(20, 1)
        case .integer(let number):
          attribute.varint(3, number)
          attribute.varint(20, 2)
        case .string(let text):
          attribute.string(4, text)
          attribute.varint(20, 3)
        case .integers(let numbers):
          // Not packed: onnx.proto says so, and some readers take it at its word.
          for number in numbers { attribute.varint(8, number) }
          attribute.varint(20, 7)
        }
      }
    }
  }
}

/// ONNX's numbers of element types.
enum ONNXElement: Int, CaseIterable {
  case float = 1
  case uint8, int8, uint16, int16, int32, int64, string, bool, float16, double, uint32, uint64
  case complex64, complex128, bfloat16

  /// The name in onnx.proto.
  var name: String { "\(self)".uppercased() }

  /// The same type in safetensors' terms, where it has one.
  var element: StoredElement? {
    switch self {
    case .float: .float32
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .int32: .int32
    case .int64: .int64
    case .bool: .bool
    case .float16: .float16
    case .double: .float64
    case .uint32: .uint32
    case .uint64: .uint64
    case .complex64: .complex64
    case .bfloat16: .bfloat16
    case .string, .complex128: nil
    }
  }
}

/// A constant of the graph.
struct ONNXInitializer {
  enum Data {
    /// A weight, by reference.
    case tensor(Tensor)
    /// Little-endian bytes.
    case bytes([UInt8])

    var count: Int {
      switch self {
      case .tensor(let tensor): tensor.byteCount
      case .bytes(let bytes): bytes.count
      }
    }
  }

  var name: String
  var shape: [Int]
  var element: ONNXElement
  var data: Data

  /// Where data lies that is not in the message.
  struct Place {
    var file: String
    var offset: Int
  }

  func encode(to message: inout ProtobufWriter, place: Place?) {
    for extent in shape { message.varint(1, extent) }
    message.varint(2, element.rawValue)
    message.string(8, name)
    if let place {
      let pairs = [
        ("location", place.file), ("offset", "\(place.offset)"), ("length", "\(data.count)"),
      ]
      for (key, value) in pairs { message.pair(13, key, value) }
      message.varint(14, 1)
    } else {
      switch data {
      case .tensor(let tensor): message.tensor(9, tensor)
      case .bytes(let bytes): message.bytes(9, bytes)
      }
    }
  }
}

/// The name, type and shape of a value; an extent that varies has a name, as `batch` is.
struct ONNXValue {
  enum Dimension {
    case fixed(Int)
    case named(String)
  }

  var name: String
  var element: ONNXElement
  var shape: [Dimension]

  func encode(to message: inout ProtobufWriter) {
    message.string(1, name)
    message.message(2) { type in
      type.message(1) { tensor in
        tensor.varint(1, element.rawValue)
        tensor.message(2) { shape in
          for dimension in self.shape {
            shape.message(1) {
              switch dimension {
              case .fixed(let extent): $0.varint(1, extent)
              case .named(let name): $0.string(2, name)
              }
            }
          }
        }
      }
    }
  }
}

extension ProtobufWriter {
  /// A `StringStringEntryProto`.
  mutating func pair(_ field: UInt64, _ key: String, _ value: String) {
    message(field) {
      $0.string(1, key)
      $0.string(2, value)
    }
  }
}
