import Tensors

extension CheckpointReader {
  /// What a dataset's elements are, once its storage, type, extents and place are found good.
  struct Elements {
    /// The extents, outermost first.
    let shape: [Int]
    /// The bytes of all elements in the file.
    let byteCount: Int
    /// Their place in the file; nil where they must be read through libhdf5.
    let offset: Int?
  }

  /// Reads a tensor: a view of the mapping where the elements lie plainly in the file.
  ///
  /// - Parameters:
  ///   - dataset: The open dataset.
  ///   - object: Its path, for messages.
  ///   - shape: The extents it must have; nil for any of at most eight axes.
  ///   - elements: The element types it may have.
  /// - Returns: The tensor.
  /// - Throws: `CheckpointError`, before anything is allocated.
  func tensor(
    _ dataset: any DatasetSource, _ object: String, shape: [Int]?, of elements: [Tensor.Element]
  ) throws -> Tensor {
    try reading(object) {
      let storage = try checkedStorage(dataset, object)
      let type = try dataset.type
      let element = try element(of: type, object, among: elements)
      let place = try locate(dataset, object, storage, type, shape: shape)
      let isPlain = type == (element == .float32 ? .float32 : .int8)
      guard isPlain, let offset = place.offset else {
        return try copy(dataset, object, place.shape, element, storage, storedAs: type)
      }
      return view(place, element, at: offset)
    }
  }

  /// Checks where and how a dataset's elements lie.
  ///
  /// - Parameters:
  ///   - dataset: The open dataset.
  ///   - object: Its path, for messages.
  /// - Returns: Its storage, contiguous unless the file is imported.
  /// - Throws: `CheckpointError.refusedStorage`.
  func checkedStorage(_ dataset: any DatasetSource, _ object: String) throws -> ElementStorage {
    let storage = try dataset.storage
    switch storage {
    case .contiguous: return storage
    case .chunked(_, let filters):
      if isImport, filters.allSatisfy(ElementStorage.builtInFilters.contains) { return storage }
    case .other: break
    }
    throw CheckpointError.refusedStorage(path: path, object: object, kind: storage.words)
  }

  /// Finds a dataset's extents and place, and that the elements lie within the file.
  ///
  /// - Parameters:
  ///   - dataset: The open dataset.
  ///   - object: Its path, for messages.
  ///   - storage: Its storage, checked.
  ///   - type: Its elements' type.
  ///   - shape: The extents it must have, or nil.
  /// - Returns: Extents and place.
  /// - Throws: `CheckpointError`.
  func locate(
    _ dataset: any DatasetSource, _ object: String, _ storage: ElementStorage,
    _ type: HDF5Type, shape: [Int]?
  ) throws -> Elements {
    let found = try dataset.shape ?? []
    try checkShape(found, object, expected: shape)
    var byteCount = type.size
    for extent in found {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw CheckpointError.outsideFile(path: path, object: object) }
      byteCount = product
    }
    guard storage == .contiguous else {
      return Elements(shape: found, byteCount: byteCount, offset: nil)
    }
    guard byteCount > 0 else { return Elements(shape: found, byteCount: 0, offset: userBlock) }
    guard let offset = dataset.offset, dataset.storedByteCount == byteCount,
      offset >= userBlock, offset <= bytes.count, byteCount <= bytes.count - offset
    else { throw CheckpointError.outsideFile(path: path, object: object) }
    return Elements(shape: found, byteCount: byteCount, offset: offset)
  }

  private func checkShape(_ found: [Int], _ object: String, expected: [Int]?) throws {
    guard let expected else {
      guard found.count <= 8 else {
        throw CheckpointError.wrongRank(path: path, object: object, expected: [], found: found)
      }
      return
    }
    guard found.count == expected.count else {
      throw CheckpointError.wrongRank(path: path, object: object, expected: expected, found: found)
    }
    guard found == expected else {
      throw CheckpointError.wrongShape(path: path, object: object, expected: expected, found: found)
    }
  }

  private func element(
    of type: HDF5Type, _ object: String, among allowed: [Tensor.Element]
  ) throws -> Tensor.Element {
    let isByte = type.isInteger && type.size == 1 && type.isSigned
    if allowed.contains(.int8), isByte, isImport || type == .int8 { return .int8 }
    if allowed.contains(.float32) {
      if type == .float32 || (isImport && type.isFloat) { return .float32 }
      if type == HDF5Type.float32.swapped {
        throw CheckpointError.wrongByteOrder(path: path, object: object)
      }
    }
    throw CheckpointError.wrongType(
      path: path, object: object, expected: allowed.map(\.rawValue).joined(separator: " or "),
      found: type.summary)
  }

  private func view(_ place: Elements, _ element: Tensor.Element, at offset: Int) -> Tensor {
    guard offset % element.size != 0 else {
      return Tensor(shape: place.shape, element: element, storage: file.storage, offset: offset)
    }
    let elements = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + place.byteCount])
    let copy = TensorStorage(byteCount: place.byteCount) { $0.copyMemory(from: elements) }
    return Tensor(shape: place.shape, element: element, storage: copy)
  }

  /// Reads through libhdf5 what h5py stored in chunks or in another type. Deflate shrinks at most
  /// 1032-fold, so elements that are many more than their stored bytes are not really there.
  private func copy(
    _ dataset: any DatasetSource, _ object: String, _ shape: [Int], _ element: Tensor.Element,
    _ storage: ElementStorage, storedAs type: HDF5Type
  ) throws -> Tensor {
    let count = shape.reduce(1, *)
    let stored = dataset.storedByteCount
    let (most, overflow) = stored.multipliedReportingOverflow(by: 1032)
    guard stored <= bytes.count, overflow || count * type.size <= most else {
      throw CheckpointError.outsideFile(path: path, object: object)
    }
    if case .chunked(let size, _) = storage, size > 1 << 28 {
      throw CheckpointError.refusedStorage(
        path: path, object: object, kind: "chunks of more than 256 MiB")
    }
    let memory = try TensorStorage(byteCount: count * element.size) { memory in
      if let address = memory.baseAddress { try dataset.read(as: element, into: address) }
    }
    return Tensor(shape: shape, element: element, storage: memory)
  }
}
