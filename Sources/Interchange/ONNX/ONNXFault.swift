import Files
import Networks

/// What is wrong with an ONNX file.
public enum ONNXFault: Equatable, Sendable, CustomStringConvertible {
  /// The file or a message ends inside a field.
  case truncated(offset: Int)
  /// An integer of more than 64 bits.
  case invalidVarint(offset: Int)
  /// A field number or wire type that protobuf does not have.
  case invalidField(offset: Int)
  /// A field of another wire type than ONNX's.
  case wrongType(field: String)
  /// Messages nested beyond the limit.
  case tooDeep(offset: Int)
  /// More of something than any model has.
  case tooMany(String, limit: Int)
  /// A string that is not UTF-8.
  case notUTF8(offset: Int)
  /// No graph, or two.
  case graphCount(Int)
  /// Two tensors of one name.
  case duplicateTensor(String)
  /// An extent below 0, or a product beyond 64 bits.
  case invalidShape(tensor: String)
  /// The data's length is not the shape's.
  case wrongLength(tensor: String, expected: Int, found: Int)
  /// Values that are not in `raw_data`.
  case notRaw(tensor: String)
  /// External data whose place is not a plain file name, or not inside that file.
  case externalData(tensor: String, detail: String)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .truncated(let offset): "it ends inside the field at byte \(offset): copy it again"
    case .invalidVarint(let offset): "no valid integer at byte \(offset): copy it again"
    case .invalidField(let offset): "no valid field at byte \(offset): it may not be ONNX"
    case .wrongType(let field): "field '\(field)' has another type than ONNX's: it may not be ONNX"
    case .tooDeep(let offset): "messages nested too deeply at byte \(offset): it is not ONNX"
    case .tooMany(let what, let limit): "more than \(limit) \(what): no real model has as many"
    case .notUTF8(let offset): "the text at byte \(offset) is not UTF-8: copy it again"
    case .graphCount(let count): "\(count) graphs: a model has one"
    case .duplicateTensor(let name): "two tensors named \(name.quoted): export it again"
    case .invalidShape(let tensor):
      "tensor \(tensor.quoted) has an impossible shape: export it again"
    case .wrongLength(let tensor, let expected, let found):
      "tensor \(tensor.quoted) has \(found) bytes where its shape needs \(expected): export it again"
    case .notRaw(let tensor):
      "tensor \(tensor.quoted) is not stored as raw data: only files of this program are imported"
    case .externalData(let tensor, let detail):
      "external data of tensor \(tensor.quoted): \(detail): keep it beside the model"
    }
  }
}
