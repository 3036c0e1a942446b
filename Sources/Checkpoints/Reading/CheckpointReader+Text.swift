extension CheckpointReader {
  /// The texts of a dataset, read from the mapping: libhdf5 1.10 trusts the lengths that a file's
  /// texts of variable length claim.
  ///
  /// - Parameters:
  ///   - dataset: The open dataset.
  ///   - object: Its path, for messages.
  ///   - isScalar: Whether it must hold exactly one text without an axis; otherwise it has one axis.
  ///   - countLimit: The most texts.
  ///   - byteLimit: The most bytes of one text.
  /// - Returns: The texts.
  /// - Throws: `CheckpointError`.
  func texts(
    _ dataset: HDF5.Dataset, _ object: String, isScalar: Bool, countLimit: Int, byteLimit: Int
  ) throws -> [String] {
    try reading(object) {
      let storage = try dataset.storage()
      guard storage == .contiguous else {
        throw CheckpointError.refusedStorage(path: path, object: object, kind: "\(storage)")
      }
      let type = try dataset.type()
      guard type.isText else {
        throw CheckpointError.wrongType(
          path: path, object: object, expected: "text", found: type.summary)
      }
      let place = try locate(dataset, object, storage, type, shape: isScalar ? [] : nil)
      guard isScalar || place.shape.count == 1 else {
        throw CheckpointError.wrongRank(
          path: path, object: object, expected: [0], found: place.shape)
      }
      let count = place.shape.reduce(1, *)
      guard count <= countLimit, type.isVariableText || type.size <= byteLimit else {
        throw invalid(object, "is longer than any checkpoint's")
      }
      guard let offset = place.offset, count > 0 else { return [] }
      let elements = UnsafeRawBufferPointer(
        rebasing: file.bytes[offset..<offset + place.byteCount])
      return try type.isVariableText
        ? variable(elements, object, byteLimit: byteLimit) : fixed(elements, object, type)
    }
  }

  private func fixed(
    _ elements: UnsafeRawBufferPointer, _ object: String, _ type: HDF5.Datatype
  ) throws -> [String] {
    try stride(from: 0, to: elements.count, by: type.size).map { start in
      let bytes = ArraySlice(elements[start..<start + type.size])
      return try utf8(Self.withoutPadding(bytes, of: type), object)
    }
  }

  /// Elements of variable length are 16 bytes: the length, the address of a heap, and the number of
  /// an object there (HDF5 File Format Specification 3.0, §VIII.B "Global Heap ID").
  private func variable(
    _ elements: UnsafeRawBufferPointer, _ object: String, byteLimit: Int
  ) throws -> [String] {
    guard elements.count % 16 == 0 else { throw invalid(object, "has elements of a strange size") }
    var heaps = GlobalHeaps(bytes: file.bytes, base: userBlock)
    var total = 0
    return try stride(from: 0, to: elements.count, by: 16).map { start in
      let length = Int(elements.loadUnaligned(fromByteOffset: start, as: UInt32.self))
      guard length > 0 else { return "" }
      let address = elements.loadUnaligned(fromByteOffset: start + 4, as: UInt64.self)
      let index = elements.loadUnaligned(fromByteOffset: start + 12, as: UInt32.self)
      guard let stored = heaps.object(index, at: address), length <= stored.count else {
        throw CheckpointError.outsideFile(path: path, object: object)
      }
      total += length
      guard length <= byteLimit, total <= max(byteLimit, 1 << 24) else {
        throw invalid(object, "is longer than any checkpoint's")
      }
      return try utf8(ArraySlice(stored.prefix(length)).prefix { $0 != 0 }, object)
    }
  }

  private func utf8(_ bytes: ArraySlice<UInt8>, _ object: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw invalid(object, "is not UTF-8")
    }
    return text
  }

  private func invalid(_ object: String, _ problem: String) -> CheckpointError {
    .invalidText(path: path, object: object, problem: problem)
  }
}

/// The heaps in which HDF5 keeps elements of variable length (HDF5 File Format Specification 3.0,
/// §III.E "Disk Format: Level 1E - Global Heap").
private struct GlobalHeaps {
  let bytes: UnsafeRawBufferPointer
  let base: Int
  private var known: [UInt64: [UInt32: Range<Int>]] = [:]
  /// Objects still to be listed over all heaps, so that overlapping heaps cannot take for ever.
  private var budget = 1 << 20

  init(bytes: UnsafeRawBufferPointer, base: Int) {
    self.bytes = bytes
    self.base = base
  }

  /// The bytes of an object, if it lies within its heap and the heap within the file.
  mutating func object(_ index: UInt32, at address: UInt64) -> UnsafeRawBufferPointer? {
    let heap = known[address] ?? list(address)
    known[address] = heap
    return heap[index].map { UnsafeRawBufferPointer(rebasing: bytes[$0]) }
  }

  private mutating func list(_ address: UInt64) -> [UInt32: Range<Int>] {
    guard let relative = Int(exactly: address), relative <= bytes.count - base - 16 else {
      return [:]
    }
    let start = base + relative
    guard bytes[start..<start + 5].elementsEqual([0x47, 0x43, 0x4F, 0x4C, 1]),
      let size = Int(exactly: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)),
      size >= 16, size <= bytes.count - start
    else { return [:] }
    var objects: [UInt32: Range<Int>] = [:]
    var position = start + 16
    while position <= start + size - 16, budget > 0 {
      budget -= 1
      let index = bytes.loadUnaligned(fromByteOffset: position, as: UInt16.self)
      let length = bytes.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self)
      let first = position + 16
      guard index != 0, let length = Int(exactly: length), length <= start + size - first else {
        break
      }
      objects[UInt32(index)] = first..<first + length
      position = first + (length + 7) / 8 * 8
    }
    return objects
  }
}
