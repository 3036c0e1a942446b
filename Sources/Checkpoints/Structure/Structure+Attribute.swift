extension Structure {
  /// An attribute: a small value that lies in its object's header.
  struct Attribute: AttributeSource {
    /// Its name; nil where it is not UTF-8.
    let name: String?
    let type: HDF5Type
    let shape: [Int]?
    private let value: UnsafeRawBufferPointer
    private let structure: Structure

    /// Reads an attribute message (§IV.A.2.m): version 1 fills name, type and extents up to multiples
    /// of eight, version 3 has a character set after the sizes.
    ///
    /// - Parameters:
    ///   - body: The message.
    ///   - structure: The file.
    /// - Throws: `HDF5Failure`.
    init(_ body: UnsafeRawBufferPointer, in structure: Structure) throws {
      self.structure = structure
      var cursor = ByteCursor(body)
      let version = try cursor.byte()
      let flags = try cursor.byte()
      guard (1...3).contains(version) else {
        throw Structure.failure("an attribute has another version")
      }
      guard version == 1 || flags == 0 else {
        throw Structure.foreign("an attribute's shared type")
      }
      let sizes = try (0..<3).map { _ in try cursor.count(2) }
      if version == 3 { try cursor.skip(1) }
      let parts = try sizes.map { size in
        let part = try cursor.take(size)
        if version == 1 { try cursor.skip((8 - size % 8) % 8) }
        return part
      }
      name = String(validating: parts[0].prefix { $0 != 0 }, as: UTF8.self)
      type = try HDF5Type(parts[1])
      shape = try Structure.extents(parts[2])
      value = try cursor.take(cursor.remaining)
    }

    func floats(count: Int) throws -> [Float] {
      if type.kind == .float(isStandard: false) {
        throw Structure.foreign("floats of another form")
      }
      return try elements(count).map { bytes in
        switch type.kind {
        case .float: Float(type.float(bytes))
        default: type.isSigned ? Float(type.signed(bytes)) : Float(type.unsigned(bytes))
        }
      }
    }

    func signed() throws -> Int64 {
      let bytes = try elements(1)[0]
      return type.isSigned ? type.signed(bytes) : Int64(clamping: type.unsigned(bytes))
    }

    func unsigned() throws -> UInt64 {
      let bytes = try elements(1)[0]
      return type.isSigned ? UInt64(clamping: type.signed(bytes)) : type.unsigned(bytes)
    }

    func fixedText() throws -> [UInt8] { Array(try elements(1)[0]) }

    func variableText() throws -> ArraySlice<UInt8>? {
      var heaps = GlobalHeaps(bytes: structure.bytes, base: structure.base)
      return heaps.text(try elements(1)[0])
    }

    /// The elements' bytes; as many as the value must hold.
    private func elements(_ count: Int) throws -> [UnsafeRawBufferPointer] {
      var cursor = ByteCursor(value)
      guard count <= value.count else { throw Structure.failure("an attribute is cut off") }
      return try (0..<count).map { _ in try cursor.take(type.size) }
    }
  }

  /// Extents (§IV.A.2.b), outermost first; nil where there are none or they are beyond `Int`.
  ///
  /// - Parameter body: A dataspace message.
  /// - Returns: The extents; empty for a scalar.
  /// - Throws: `HDF5Failure`.
  static func extents(_ body: UnsafeRawBufferPointer) throws -> [Int]? {
    var cursor = ByteCursor(body)
    let version = try cursor.byte()
    let rank = Int(try cursor.byte())
    try cursor.skip(1)
    guard version == 1 || version == 2 else {
      throw failure("the extents have another version")
    }
    guard rank <= 32 else { throw failure("\(rank) axes") }
    // Version 1 has five bytes without meaning, version 2 a kind of which 2 is "none".
    if version == 1 {
      try cursor.skip(5)
    } else if try cursor.byte() == 2 {
      return nil
    }
    let numbers = try (0..<rank).map { _ in try cursor.number(8) }
    let shape = numbers.compactMap { Int(exactly: $0) }
    return shape.count == rank ? shape : nil
  }
}
