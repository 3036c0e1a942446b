/// The structure of a sealed file, read from its mapping with every bound checked.
///
/// Whoever forges a file can forge its seal, and libhdf5 1.10 reads and writes out of bounds on some
/// forged files. So sealed files are read by this: the part of the HDF5 File Format Specification 3.0
/// that `CheckpointWriter` uses, in new and old object headers. What lies otherwise is refused;
/// `cnn-infer import` takes it through libhdf5, in a process that may crash.
final class Structure {
  /// All bytes of the file.
  let bytes: UnsafeRawBufferPointer
  /// The offset from which addresses count: the user block's length.
  let base: Int
  /// Messages still to be read from all headers together, many times those of the largest network, so
  /// that headers which share their pieces cannot take for ever.
  private var budget = 1 << 22

  /// An address that leads nowhere.
  static let undefinedAddress = UInt64.max

  /// The structure of a file.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - base: The user block's length.
  init(bytes: UnsafeRawBufferPointer, base: Int) {
    self.bytes = bytes
    self.base = base
  }

  /// The root group, by the superblock (§II.C "Version 2 and 3").
  ///
  /// - Returns: The group.
  /// - Throws: `HDF5Failure`.
  func root() throws -> Group {
    guard base <= bytes.count else { throw Self.failure("it is cut off") }
    var cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[base...]))
    guard try cursor.take(ForeignFormat.hdf5.count).elementsEqual(ForeignFormat.hdf5) else {
      throw Self.failure("no HDF5 follows the seal")
    }
    let version = try cursor.byte()
    guard version == 2 || version == 3 else {
      throw Self.foreign("a superblock of version \(version)")
    }
    guard try cursor.byte() == 8, try cursor.byte() == 8 else {
      throw Self.foreign("addresses of other than 8 bytes")
    }
    try cursor.skip(1)
    guard try cursor.number(8) == UInt64(base) else {
      throw Self.failure("its addresses do not count from the seal's end")
    }
    try cursor.skip(16)
    return try Group(Object(at: try cursor.number(8), in: self), in: self)
  }

  /// The bytes from an address to the file's end.
  ///
  /// - Parameter address: An address in the file.
  /// - Returns: A cursor.
  /// - Throws: `HDF5Failure` where the address is beyond the end.
  func cursor(at address: UInt64) throws -> ByteCursor {
    guard let relative = Int(exactly: address), relative <= bytes.count - base else {
      throw Self.failure("an address is beyond the file's end")
    }
    return ByteCursor(UnsafeRawBufferPointer(rebasing: bytes[(base + relative)...]))
  }

  /// Counts one message that is read.
  ///
  /// - Throws: `HDF5Failure` where there were too many.
  func spend() throws {
    budget -= 1
    guard budget > 0 else { throw Self.failure("it has more parts than any checkpoint") }
  }

  /// An error in the bytes.
  static func failure(_ detail: String) -> HDF5Failure {
    HDF5Failure(operation: "read the structure", detail: detail)
  }

  /// An error about what HDF5 allows and this reader does not.
  static func foreign(_ detail: String) -> HDF5Failure {
    failure("\(detail), which cnn-train never writes; cnn-infer import takes it")
  }
}
