/// An object's header in the mapped file, as far as is needed to find where the value of an attribute
/// lies. libhdf5 gives the value only through its heaps, which it does not check (see
/// `GlobalHeaps`).
///
/// HDF5 File Format Specification 3.0, §IV.A.1.b "Version 2 Data Object Header Prefix", the form of
/// all objects in our files.
struct ObjectHeader {
  private let bytes: UnsafeRawBufferPointer
  private let base: Int
  private let start: Int

  /// A header that libhdf5 has found.
  ///
  /// - Parameters:
  ///   - address: Its address.
  ///   - bytes: The whole file.
  ///   - base: The offset from which addresses count.
  init?(at address: UInt64, in bytes: UnsafeRawBufferPointer, base: Int) {
    guard let relative = Int(exactly: address), relative <= bytes.count - base - 32 else {
      return nil
    }
    self.bytes = bytes
    self.base = base
    start = base + relative
    guard bytes[start..<start + 5].elementsEqual([0x4F, 0x48, 0x44, 0x52, 2]) else { return nil }
  }

  /// The 16 bytes that stand for an attribute's single text of variable length.
  ///
  /// - Parameter name: The attribute's name.
  /// - Returns: The bytes, or nil where the header itself holds no such attribute.
  func variableText(_ name: String) -> UnsafeRawBufferPointer? {
    let flags = bytes[start + 5]
    let chunkStart = start + 6 + (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
    let sizeBytes = 1 << Int(flags & 3)
    guard chunkStart + sizeBytes <= bytes.count,
      let size = number(at: chunkStart, byteCount: sizeBytes)
    else { return nil }
    let messageHeader = flags & 0x04 != 0 ? 6 : 4
    var pending = [(chunkStart + sizeBytes, size)]
    // No header of ours has more pieces; one that leads back to itself ends here.
    for _ in 0..<64 {
      guard let (first, size) = pending.popLast(), size <= bytes.count - first else { return nil }
      var position = first
      while position + messageHeader <= first + size {
        let type = bytes[position]
        let length = Int(bytes.loadUnaligned(fromByteOffset: position + 1, as: UInt16.self))
        let isShared = bytes[position + 3] & 2 != 0
        let data = position + messageHeader
        guard length <= first + size - data else { break }
        let message = UnsafeRawBufferPointer(rebasing: bytes[data..<data + length])
        if type == 0x0C, !isShared, let value = Self.value(of: name, in: message) { return value }
        if type == 0x10, let next = continuation(message) { pending.append(next) }
        position = data + length
      }
    }
    return nil
  }

  private func number(at offset: Int, byteCount: Int) -> Int? {
    var value: UInt64 = 0
    for index in (0..<byteCount).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
    return Int(exactly: value)
  }

  /// A continuation: its signature and checksum are four bytes each (§IV.A.1.b).
  private func continuation(_ message: UnsafeRawBufferPointer) -> (Int, Int)? {
    guard message.count >= 16,
      let relative = Int(exactly: message.loadUnaligned(as: UInt64.self)),
      let size = Int(exactly: message.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
      size >= 8, relative <= bytes.count - base, size <= bytes.count - base - relative
    else { return nil }
    return (base + relative + 4, size - 8)
  }

  /// An attribute message (§IV.A.2.m): version 3 has a character set after the sizes, version 1 fills
  /// name, type and extents up to multiples of eight.
  private static func value(of name: String, in message: UnsafeRawBufferPointer)
    -> UnsafeRawBufferPointer?
  {
    guard message.count >= 9, (1...3).contains(message[0]) else { return nil }
    let isPadded = message[0] == 1
    let sizes = [2, 4, 6].map { offset in
      let size = Int(message.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
      return isPadded ? (size + 7) / 8 * 8 : size
    }
    let first = message[0] == 3 ? 9 : 8
    let value = first + sizes.reduce(0, +)
    guard value <= message.count - 16,
      message[first..<first + sizes[0]].prefix(while: { $0 != 0 }).elementsEqual(name.utf8)
    else { return nil }
    return UnsafeRawBufferPointer(rebasing: message[value..<value + 16])
  }
}
