/// The type of a dataset's or an attribute's elements, as far as a checkpoint has use for it.
package struct HDF5Type: Equatable {
  /// What the elements are.
  package enum Kind: Equatable {
    /// Integers of all their bits; `isNamed` where each number is a name, as h5py's Booleans are.
    case integer(isNamed: Bool)
    /// IEEE 754 of four or eight bytes, or another form.
    case float(isStandard: Bool)
    /// Text of a fixed number of bytes.
    case fixedText(isSpacePadded: Bool)
    /// Text of any length, which lies in a heap.
    case variableText
    /// Another kind, in words.
    case other(String)
  }

  /// What the elements are.
  package let kind: Kind
  /// Bytes an element in the file.
  package let size: Int
  /// Whether the most significant byte comes first.
  package let isBigEndian: Bool
  /// Whether integers may be negative.
  package let isSigned: Bool

  /// A type.
  package init(kind: Kind, size: Int, isBigEndian: Bool = false, isSigned: Bool = false) {
    self.kind = kind
    self.size = size
    self.isBigEndian = isBigEndian
    self.isSigned = isSigned
  }

  /// Float32, little-endian.
  static let float32 = HDF5Type(kind: .float(isStandard: true), size: 4)
  /// Float64, little-endian.
  static let float64 = HDF5Type(kind: .float(isStandard: true), size: 8)
  /// Int8.
  static let int8 = HDF5Type(kind: .integer(isNamed: false), size: 1, isSigned: true)

  /// Whether elements are integers, named ones included.
  var isInteger: Bool {
    if case .integer = kind { (1...8).contains(size) } else { false }
  }

  /// Whether elements are floating-point numbers.
  var isFloat: Bool {
    if case .float = kind { true } else { false }
  }

  /// Whether elements are texts.
  var isText: Bool {
    switch kind {
    case .fixedText, .variableText: true
    case .integer, .float, .other: false
    }
  }

  /// Whether texts are filled up with spaces, as Fortran does.
  var isSpacePadded: Bool { kind == .fixedText(isSpacePadded: true) }

  /// The same type in the other byte order.
  var swapped: HDF5Type {
    HDF5Type(kind: kind, size: size, isBigEndian: !isBigEndian, isSigned: isSigned)
  }

  /// The type in words: `float64, big-endian`.
  var summary: String {
    let order = isBigEndian ? ", big-endian" : ""
    switch kind {
    case .integer(isNamed: true): return "an enumeration"
    case .integer: return (isSigned ? "int" : "uint") + "\(size &* 8)\(order)"
    case .float(let isStandard):
      // Of halves and the like no form is read, so that none needs telling apart.
      let form = isStandard || (size != 4 && size != 8) ? "" : " that is not IEEE 754's"
      return "float\(size &* 8)\(order)\(form)"
    case .fixedText, .variableText: return "text"
    case .other(let words): return words
    }
  }
}

extension HDF5Type {
  /// Reads a datatype message (§IV.A.2.d).
  ///
  /// - Parameter body: The message.
  /// - Throws: `HDF5Failure`.
  init(_ body: UnsafeRawBufferPointer) throws {
    var cursor = ByteCursor(body)
    let start = try cursor.byte()
    let bits = try cursor.number(3)
    let size = try cursor.count(4)
    guard size > 0 else { throw Structure.failure("a type of no bytes") }
    switch start & 0x0F {
    case 0: self = try Self.integer(&cursor, bits, size)
    case 1: self = try Self.float(&cursor, bits, size)
    case 3: self.init(kind: .fixedText(isSpacePadded: bits & 0x0F == 2), size: size)
    case 6: self.init(kind: .other("a compound"), size: size)
    case 7: self.init(kind: .other("references"), size: size)
    case 8: self = try Self.enumeration(&cursor)
    case 9 where bits & 0x0F == 1 && size == 16: self.init(kind: .variableText, size: size)
    case 9: self.init(kind: .other("sequences"), size: size)
    case 10: self.init(kind: .other("arrays"), size: size)
    default: self.init(kind: .other("another type"), size: size)
    }
  }

  private static func integer(
    _ cursor: inout ByteCursor, _ bits: UInt64, _ size: Int
  ) throws -> HDF5Type {
    let (offset, precision) = (try cursor.count(2), try cursor.count(2))
    guard size <= 8, offset == 0, precision == size * 8 else {
      return HDF5Type(kind: .other("integers of \(precision) bits"), size: size)
    }
    return HDF5Type(
      kind: .integer(isNamed: false), size: size, isBigEndian: bits & 1 != 0,
      isSigned: bits & 8 != 0)
  }

  /// IEEE 754 where the places and sizes of sign, exponent and mantissa are its.
  private static func float(
    _ cursor: inout ByteCursor, _ bits: UInt64, _ size: Int
  ) throws -> HDF5Type {
    let (offset, precision) = (try cursor.count(2), try cursor.count(2))
    let fields = try (0..<4).map { _ in try cursor.byte() }
    let bias = try cursor.number(4)
    let sign = bits >> 8 & 0xFF
    let isStandard =
      offset == 0 && precision == size * 8 && bits & 0x70 == 0x20
      && ((size == 4 && fields == [23, 8, 0, 23] && bias == 127 && sign == 31)
        || (size == 8 && fields == [52, 11, 0, 52] && bias == 1023 && sign == 63))
    return HDF5Type(
      kind: .float(isStandard: isStandard), size: size, isBigEndian: bits & 1 != 0)
  }

  /// The type that an enumeration names the values of.
  private static func enumeration(_ cursor: inout ByteCursor) throws -> HDF5Type {
    let start = try cursor.byte()
    let bits = try cursor.number(3)
    let size = try cursor.count(4)
    guard start & 0x0F == 0 else { return HDF5Type(kind: .other("an enumeration"), size: 1) }
    let base = try integer(&cursor, bits, size)
    guard base.isInteger else { return base }
    return HDF5Type(
      kind: .integer(isNamed: true), size: size, isBigEndian: base.isBigEndian,
      isSigned: base.isSigned)
  }
}

extension HDF5Type {
  /// One integer's or float's bits, in the low bits.
  private func bits(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    isBigEndian
      ? bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
      : bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// An integer that cannot be negative, from its bytes.
  func unsigned(_ bytes: UnsafeRawBufferPointer) -> UInt64 { bits(bytes) }

  /// An integer that can be negative, from its bytes.
  func signed(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    let unused = UInt64(64 - 8 * min(max(size, 1), 8))
    return Int64(bitPattern: bits(bytes) << unused) >> Int64(unused)
  }

  /// A standard float of four or eight bytes, from its bytes.
  func float(_ bytes: UnsafeRawBufferPointer) -> Double {
    size == 4
      ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits(bytes))))
      : Double(bitPattern: bits(bytes))
  }
}
