/// The header of a safetensors file, checked before anything is allocated for its tensors: eight
/// bytes of length (little-endian), JSON, then the data without gaps.
package struct SafetensorsHeader {
  /// The format's limit of a header's length.
  package static let lengthLimit = 100_000_000

  package let tensors: [StoredTensor]
  package let metadata: [String: String]
  private let source: ByteSource

  /// Reads and checks.
  package init(_ source: ByteSource) throws {
    self.source = source
    do {
      let length = try Self.headerLength(source)
      let bytes = try source.bytes(8..<8 + length)
      guard bytes.first == UInt8(ascii: "{") else { throw SafetensorsFault.notAnObject }
      guard case .object(let entries) = try StrictJSON(bytes) else {
        throw SafetensorsFault.notAnObject
      }
      var metadata: [String: String] = [:]
      var tensors: [StoredTensor] = []
      for (key, value) in entries {
        if key == "__metadata__" {
          metadata = try Self.metadata(value)
        } else {
          tensors.append(try Self.tensor(key, value, source, dataStart: 8 + length))
        }
      }
      self.metadata = metadata
      self.tensors = tensors.sorted {
        ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
      }
      try Self.checkCoverage(self.tensors, dataStart: 8 + length, end: source.count)
    } catch let fault as SafetensorsFault {
      throw InterchangeError.safetensors(path: source.path, fault)
    }
  }

  private static func headerLength(_ source: ByteSource) throws -> Int {
    guard source.count >= 8 else { throw SafetensorsFault.tooShort(bytes: source.count) }
    let length = try source.bytes(0..<8).enumerated().reduce(UInt64(0)) {
      $0 | UInt64($1.element) << UInt64(8 * $1.offset)
    }
    guard length <= UInt64(lengthLimit) else {
      throw SafetensorsFault.headerTooLong(length: length)
    }
    guard length <= UInt64(source.count - 8) else {
      throw SafetensorsFault.headerOutsideFile(length: length, file: source.count)
    }
    return Int(length)
  }

  private static func metadata(_ value: StrictJSON) throws -> [String: String] {
    guard case .object(let entries) = value else {
      throw SafetensorsFault.metadataNotText(key: "__metadata__")
    }
    var result: [String: String] = [:]
    for (key, value) in entries {
      guard case .string(let text) = value else {
        throw SafetensorsFault.metadataNotText(key: key)
      }
      result[key] = text
    }
    return result
  }

  private static func tensor(
    _ name: String, _ entry: StrictJSON, _ source: ByteSource, dataStart: Int
  ) throws -> StoredTensor {
    guard case .string(let type)? = entry["dtype"] else {
      throw SafetensorsFault.malformedEntry(tensor: name, key: "dtype")
    }
    guard let element = StoredElement(rawValue: type) else {
      throw SafetensorsFault.unknownElement(tensor: name, element: type)
    }
    let shape = try integers(entry["shape"], name, "shape")
    let offsets = try integers(entry["data_offsets"], name, "data_offsets")
    guard offsets.count == 2 else {
      throw SafetensorsFault.malformedEntry(tensor: name, key: "data_offsets")
    }
    guard offsets[0] <= offsets[1] else { throw SafetensorsFault.reversedOffsets(tensor: name) }
    guard offsets[1] <= source.count - dataStart else {
      throw SafetensorsFault.outsideFile(tensor: name)
    }
    guard let expected = element.byteCount(of: shape) else {
      throw SafetensorsFault.shapeOverflow(tensor: name)
    }
    let found = offsets[1] - offsets[0]
    guard expected == found else {
      throw SafetensorsFault.wrongLength(tensor: name, expected: expected, found: found)
    }
    return StoredTensor(
      name: name, shape: shape, element: element, source: source,
      range: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  private static func integers(
    _ value: StrictJSON?, _ name: String, _ key: String
  ) throws -> [Int] {
    guard case .array(let elements)? = value else {
      throw SafetensorsFault.malformedEntry(tensor: name, key: key)
    }
    return try elements.map {
      guard case .integer(let integer) = $0 else {
        throw SafetensorsFault.malformedEntry(tensor: name, key: key)
      }
      return integer
    }
  }

  /// Each tensor begins where the one before ends, the last at the end of the file.
  private static func checkCoverage(
    _ tensors: [StoredTensor], dataStart: Int, end: Int
  ) throws {
    var position = dataStart
    for tensor in tensors {
      guard tensor.range.lowerBound >= position else {
        throw SafetensorsFault.overlap(tensor: tensor.name)
      }
      guard tensor.range.lowerBound == position else {
        throw SafetensorsFault.gap(before: tensor.name)
      }
      position = tensor.range.upperBound
    }
    guard position == end else { throw SafetensorsFault.trailingBytes(end - position) }
  }

  /// The tensors by name.
  package var stateDict: StateDict {
    StateDict(
      path: source.path,
      tensors: Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }),
      metadata: Metadata(pairs: metadata, path: source.path))
  }

  /// For `inspect`.
  package var description: FileDescription {
    FileDescription(
      format: .safetensors, bytes: source.count,
      tensors: tensors.map {
        .init(
          name: $0.name, shape: $0.shape, element: $0.element.rawValue, bytes: $0.range.count)
      },
      metadata: metadata)
  }
}
