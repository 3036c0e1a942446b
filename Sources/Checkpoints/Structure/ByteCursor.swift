/// Little-endian numbers and stretches of bytes, read one after another and never past the end.
struct ByteCursor {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  /// A cursor at the first of some bytes.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// How many bytes are left.
  var remaining: Int { bytes.count - offset }

  /// An unsigned number.
  ///
  /// - Parameter width: Its bytes, at most eight.
  /// - Returns: The number.
  /// - Throws: `HDF5Failure` where fewer bytes are left.
  mutating func number(_ width: Int) throws -> UInt64 {
    try take(width).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A number that counts or measures something in memory.
  ///
  /// - Parameter width: Its bytes, at most eight.
  /// - Returns: The number.
  /// - Throws: `HDF5Failure` where fewer bytes are left, or the number is beyond `Int`.
  mutating func count(_ width: Int) throws -> Int {
    guard let count = Int(exactly: try number(width)) else {
      throw Structure.failure("a size is beyond any memory")
    }
    return count
  }

  /// The next byte.
  ///
  /// - Returns: The byte.
  /// - Throws: `HDF5Failure` at the end.
  mutating func byte() throws -> UInt8 { UInt8(truncatingIfNeeded: try number(1)) }

  /// The next bytes.
  ///
  /// - Parameter count: How many.
  /// - Returns: The bytes.
  /// - Throws: `HDF5Failure` where fewer are left.
  mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else { throw Structure.failure("it is cut off") }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  /// Passes over bytes.
  ///
  /// - Parameter count: How many.
  /// - Throws: `HDF5Failure` where fewer are left.
  mutating func skip(_ count: Int) throws { _ = try take(count) }
}
