extension CheckpointReader {
  /// The texts of a dataset, read from the mapping in an import too: libhdf5 1.10 trusts the lengths
  /// that a file's texts of variable length claim.
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
    _ dataset: any DatasetSource, _ object: String, isScalar: Bool, countLimit: Int, byteLimit: Int
  ) throws -> [String] {
    try reading(object) {
      let storage = try dataset.storage
      guard storage == .contiguous else {
        throw CheckpointError.refusedStorage(path: path, object: object, kind: storage.words)
      }
      let type = try dataset.type
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
      let isVariable = type.kind == .variableText
      guard count <= countLimit, isVariable || type.size <= byteLimit else {
        throw invalid(object, "is longer than any checkpoint's")
      }
      guard let offset = place.offset, count > 0 else { return [] }
      let elements = UnsafeRawBufferPointer(
        rebasing: bytes[offset..<offset + place.byteCount])
      return try isVariable
        ? variable(elements, object, byteLimit: byteLimit) : fixed(elements, object, type)
    }
  }

  private func fixed(
    _ elements: UnsafeRawBufferPointer, _ object: String, _ type: HDF5Type
  ) throws -> [String] {
    try stride(from: 0, to: elements.count, by: type.size).map { start in
      let bytes = ArraySlice(elements[start..<start + type.size])
      return try utf8(Self.withoutPadding(bytes, of: type), object)
    }
  }

  private func variable(
    _ elements: UnsafeRawBufferPointer, _ object: String, byteLimit: Int
  ) throws -> [String] {
    var heaps = GlobalHeaps(bytes: bytes, base: userBlock)
    var total = 0
    return try stride(from: 0, to: elements.count, by: 16).map { start in
      let element = UnsafeRawBufferPointer(rebasing: elements[start..<start + 16])
      guard let text = heaps.text(element) else {
        throw CheckpointError.outsideFile(path: path, object: object)
      }
      total += text.count
      guard text.count <= byteLimit, total <= max(byteLimit, 1 << 24) else {
        throw invalid(object, "is longer than any checkpoint's")
      }
      return try utf8(text, object)
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
