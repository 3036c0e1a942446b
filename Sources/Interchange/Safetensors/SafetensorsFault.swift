import Files
import Networks

/// What is wrong with a safetensors file: the rules of the format's specification and of its 2023
/// security audit.
public enum SafetensorsFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// Fewer than the eight bytes of the header's length.
  case tooShort(bytes: Int)
  /// A header beyond the format's limit.
  case headerTooLong(length: UInt64)
  /// A header that ends after the file.
  case headerOutsideFile(length: UInt64, file: Int)
  /// A header that does not begin with `{`.
  case notAnObject
  /// The header is not JSON.
  case malformedJSON(offset: Int, detail: String)
  /// JSON nested beyond any header's need.
  case tooDeep(offset: Int)
  /// A key that appears twice in one object.
  case duplicateKey(String)
  /// Metadata that is not text.
  case metadataNotText(key: String)
  /// A tensor's entry without `dtype`, `shape` or `data_offsets` of the right form.
  case malformedEntry(tensor: String, key: String)
  /// An unknown element type.
  case unknownElement(tensor: String, element: String)
  /// A product of extents beyond 64 bits.
  case shapeOverflow(tensor: String)
  /// Offsets that run backwards.
  case reversedOffsets(tensor: String)
  /// A tensor that ends after the file.
  case outsideFile(tensor: String)
  /// A tensor that begins before the one before it ends.
  case overlap(tensor: String)
  /// Bytes that belong to no tensor.
  case gap(before: String)
  /// Bytes after the last tensor.
  case trailingBytes(Int)
  /// The length of the data is not the shape's.
  case wrongLength(tensor: String, expected: Int, found: Int)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .tooShort(let bytes): "\(bytes) bytes hold no header: copy it again"
    case .headerTooLong(let length):
      "a header of \(length) bytes is above the limit of \(SafetensorsHeader.lengthLimit): "
        + "it may not be safetensors"
    case .headerOutsideFile(let length, let file):
      "a header of \(length) bytes does not fit in a file of \(file): copy it again"
    case .notAnObject: "the header is no JSON object: it may not be safetensors"
    case .malformedJSON(let offset, let detail):
      "\(detail) at byte \(offset) of the header: save it again"
    case .tooDeep(let offset): "nested too deeply at byte \(offset) of the header: save it again"
    case .duplicateKey(let key): "the key \(key.quoted) appears twice: save it again"
    case .metadataNotText(let key): "the metadata \(key.quoted) is not text: save it again"
    case .malformedEntry(let tensor, let key):
      "tensor \(tensor.quoted) has no valid \(key.quoted): save it again"
    case .unknownElement(let tensor, let element):
      "tensor \(tensor.quoted) has the unknown dtype \(element.quoted): save it as F32"
    case .shapeOverflow(let tensor):
      "the shape of tensor \(tensor.quoted) overflows 64 bits: save it again"
    case .reversedOffsets(let tensor):
      "the offsets of tensor \(tensor.quoted) run backwards: save it again"
    case .outsideFile(let tensor): "tensor \(tensor.quoted) ends after the file: copy it again"
    case .overlap(let tensor): "tensor \(tensor.quoted) overlaps another: save it again"
    case .gap(let tensor): "unused bytes before tensor \(tensor.quoted): save it again"
    case .trailingBytes(let count): "\(count) bytes after the last tensor: copy it again"
    case .wrongLength(let tensor, let expected, let found):
      "tensor \(tensor.quoted) has \(found) bytes where its shape needs \(expected): save it again"
    }
  }
}
