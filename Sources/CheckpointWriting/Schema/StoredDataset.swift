import CHDF5
import Checkpoints
import Tensors

/// A dataset to be written: its place in the file's tree, its type, and its bytes.
struct StoredDataset {
  /// The element types of the schema.
  enum Element {
    /// Little-endian.
    case float32, float64, int8
    /// UTF-8 of a fixed number of bytes, filled up with zeros.
    case text(byteCount: Int)
  }

  /// The bytes, row-major.
  enum Content {
    /// A tensor's.
    case tensor(Tensor)
    /// Others.
    case bytes([UInt8])
  }

  /// The groups from the root.
  let groups: [String]
  /// The name in the last group.
  let name: String
  /// The element type.
  let element: Element
  /// The extents; none make a scalar.
  let shape: [Int]
  /// The elements.
  let content: Content

  /// A tensor under a name.
  init(_ groups: [String], _ name: String, _ tensor: Tensor) {
    self.groups = groups
    self.name = name
    shape = tensor.shape
    content = .tensor(tensor)
    switch tensor.element {
    case .float32: element = .float32
    case .int8: element = .int8
    }
  }

  /// A column of numbers.
  init(_ groups: [String], _ name: String, _ values: [Double]) {
    self.groups = groups
    self.name = name
    element = .float64
    shape = [values.count]
    content = .bytes(values.withUnsafeBytes(Array.init))
  }

  /// One text.
  init(_ name: String, text: [UInt8]) {
    groups = []
    self.name = name
    element = .text(byteCount: max(text.count, 1))
    shape = []
    content = .bytes(text.isEmpty ? [0] : text)
  }

  /// A list of texts, all stored as long as the longest.
  init(_ name: String, texts: [String]) {
    groups = []
    self.name = name
    let length = max(texts.map(\.utf8.count).max() ?? 0, 1)
    element = .text(byteCount: length)
    shape = [texts.count]
    content = .bytes(
      texts.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: length - $0.utf8.count) })
  }

  /// The number of bytes.
  var byteCount: Int {
    switch content {
    case .tensor(let tensor): tensor.byteCount
    case .bytes(let bytes): bytes.count
    }
  }

  /// Lends the bytes.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch content {
    case .tensor(let tensor): try tensor.withBytes(body)
    case .bytes(let bytes): try bytes.withUnsafeBytes(body)
    }
  }

  /// Creates the dataset in an open group, with its checksum.
  ///
  /// - Parameter group: Its group.
  /// - Returns: The place of its bytes in the file; nil where it has none.
  /// - Throws: `HDF5Failure`.
  func create(in group: HDF5.Group) throws -> Int? {
    let text: HDF5.Datatype?
    let type: hid_t
    switch element {
    case .float32: (text, type) = (nil, hdf5_float32_le())
    case .float64: (text, type) = (nil, hdf5_float64_le())
    case .int8: (text, type) = (nil, hdf5_int8())
    case .text(let byteCount):
      let made = try HDF5.Datatype.text(byteCount: byteCount)
      (text, type) = (made, made.id)
    }
    return try withExtendedLifetime(text) {
      let dataset = try HDF5.Dataset(creating: name, in: group, type: type, shape: shape)
      try group.writeChecksum(withBytes(Checksum.xxh3), of: dataset)
      return dataset.offset
    }
  }
}

extension HDF5.Group {
  fileprivate func writeChecksum(_ digits: String, of dataset: HDF5.Dataset) throws {
    let type = try HDF5.Datatype.text(byteCount: digits.utf8.count)
    try Array(digits.utf8).withUnsafeBytes { bytes in
      guard let address = bytes.baseAddress else { return }
      try HDF5.Attribute.write(
        CheckpointFormat.checksum, of: dataset, type: type.id, values: address)
    }
  }
}
