extension CheckpointReader {
  /// The longest text attribute of fixed length, in bytes.
  private static let textLimit = 1 << 20

  /// A text attribute.
  ///
  /// - Parameters:
  ///   - name: The attribute's name.
  ///   - place: The group that has it.
  /// - Returns: The text, or nil where there is none of that name.
  /// - Throws: `CheckpointError` where it is no single UTF-8 text.
  func text(_ name: String, of place: Place) throws -> String? {
    try value(name, of: place.group, place.path) { attribute in
      let type = try attribute.type
      guard type.isText else { return .failure("holds \(type.summary), not text") }
      guard try attribute.shape == [] else { return .failure("is not a single text") }
      if type.kind == .variableText { return try variableText(name, attribute, of: place) }
      guard type.size <= Self.textLimit else { return .failure("is too long") }
      let bytes = Self.withoutPadding(try attribute.fixedText()[...], of: type)
      let text = String(validating: bytes, as: UTF8.self)
      return text.map { .success($0) } ?? .failure("is not UTF-8")
    }
  }

  /// A list of numbers of floating point, or of integers, as 32-bit floats.
  ///
  /// - Parameters:
  ///   - name: The attribute's name.
  ///   - place: The group that has it.
  ///   - shape: The extents it must have; none make a scalar.
  /// - Returns: The numbers, or nil where there is no attribute of that name.
  /// - Throws: `CheckpointError` where type or extents are others.
  func floats(_ name: String, of place: Place, shape: [Int] = []) throws -> [Float]? {
    try value(name, of: place.group, place.path) { attribute in
      let type = try attribute.type
      guard type.isFloat || type.isInteger else {
        return .failure("holds \(type.summary), not numbers")
      }
      guard try attribute.shape == shape else {
        return .failure(
          shape.isEmpty ? "is not a single number" : "does not have \(shape[0]) numbers")
      }
      let count = shape.reduce(1, *)
      return .success(try attribute.floats(count: count))
    }
  }

  /// A single integer or Boolean.
  ///
  /// - Parameters:
  ///   - name: The attribute's name.
  ///   - place: The group that has it.
  ///   - range: The values it may have.
  /// - Returns: The integer, or nil where there is no attribute of that name.
  /// - Throws: `CheckpointError` where it is no integer of the range.
  func integer(_ name: String, of place: Place, in range: ClosedRange<Int>) throws -> Int? {
    try value(name, of: place.group, place.path) { attribute in
      let type = try attribute.type
      guard type.isInteger else { return .failure("holds \(type.summary), not an integer") }
      guard try attribute.shape == [] else { return .failure("is not a single integer") }
      let number = try attribute.signed()
      guard let value = Int(exactly: number), range.contains(value) else {
        return .failure("is \(number), not from \(range.lowerBound) to \(range.upperBound)")
      }
      return .success(value)
    }
  }

  /// A single unsigned integer of all 64 bits.
  ///
  /// - Parameters:
  ///   - name: The attribute's name.
  ///   - place: The group that has it.
  /// - Returns: The integer, or nil where there is no attribute of that name.
  /// - Throws: `CheckpointError` where it is no integer.
  func unsigned(_ name: String, of place: Place) throws -> UInt64? {
    try value(name, of: place.group, place.path) { attribute in
      let type = try attribute.type
      guard type.isInteger else { return .failure("holds \(type.summary), not an integer") }
      guard try attribute.shape == [] else { return .failure("is not a single integer") }
      return .success(try attribute.unsigned())
    }
  }

  /// The value, or the default where an imported file has none.
  ///
  /// - Parameters:
  ///   - value: What was read.
  ///   - name: The attribute's name, for the message.
  ///   - place: The group that has it.
  ///   - fallback: What an import takes instead; nil where it must be there all the same.
  /// - Returns: The value.
  /// - Throws: `CheckpointError.missingAttribute`.
  func required<Value>(
    _ value: Value?, _ name: String, of place: Place, else fallback: Value? = nil
  )
    throws -> Value
  {
    if let value { return value }
    if isImport, let fallback { return fallback }
    throw CheckpointError.missingAttribute(
      path: path, object: place.path.isEmpty ? "/" : place.path, name: name)
  }

  /// The bytes before the first zero, and before closing spaces where the type pads with them.
  package static func withoutPadding(_ bytes: ArraySlice<UInt8>, of type: HDF5Type) -> ArraySlice<
    UInt8
  > {
    let text = bytes.prefix { $0 != 0 }
    guard type.isSpacePadded, let last = text.lastIndex(where: { $0 != 0x20 }) else { return text }
    return text[...last]
  }

  /// Reads a text of variable length. libhdf5, which can be made to loop by what a forged heap says,
  /// is asked only where an import has to take what `Structure` does not.
  private func variableText(_ name: String, _ attribute: any AttributeSource, of place: Place)
    throws -> Outcome<String>
  {
    var source = attribute
    if isImport {
      let structure = Structure(bytes: bytes, base: userBlock)
      let address = try place.group.target(of: ".").address
      let own = try? Structure.Object(at: address, in: structure).attribute(name, in: structure)
      if let own { source = own }
    }
    guard let bytes = try source.variableText(), bytes.count <= Self.textLimit else {
      return .failure("is text beyond its heap or the file")
    }
    return String(validating: bytes, as: UTF8.self).map { .success($0) } ?? .failure("is not UTF-8")
  }

  private enum Outcome<Value> {
    case success(Value)
    case failure(String)
  }

  private func value<Value>(
    _ name: String, of owner: any GroupSource, _ object: String,
    _ body: (any AttributeSource) throws -> Outcome<Value>
  ) throws -> Value? {
    let object = object.isEmpty ? "/" : object
    return try reading(object) {
      guard let attribute = try owner.attribute(name) else { return nil }
      switch try body(attribute) {
      case .success(let value): return value
      case .failure(let problem):
        throw CheckpointError.invalidAttribute(
          path: path, object: object, name: name, problem: problem)
      }
    }
  }
}
