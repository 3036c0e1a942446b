/// The heaps in which HDF5 keeps texts of variable length, read from the mapping with every bound
/// checked: libhdf5 1.10 trusts the lengths there, and can be made to loop for ever or to write past
/// its buffers.
///
/// HDF5 File Format Specification 3.0, §III.E "Level 1E - Global Heap".
struct GlobalHeaps {
  private let bytes: UnsafeRawBufferPointer
  private let base: Int
  private var known: [UInt64: [UInt32: Range<Int>]] = [:]
  /// Objects still to be listed over all heaps, so that overlapping heaps cannot take for ever.
  private var budget = 1 << 20

  /// The heaps of a file.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - base: The offset from which addresses count.
  init(bytes: UnsafeRawBufferPointer, base: Int) {
    self.bytes = bytes
    self.base = base
  }

  /// The bytes of one text, up to a zero.
  ///
  /// - Parameter element: The 16 bytes that stand for it: its length, the address of a heap, and the
  ///   number of an object there (§VIII.B "Global Heap ID").
  /// - Returns: Its bytes, or nil where they do not lie within their heap, and that within the file.
  mutating func text(_ element: UnsafeRawBufferPointer) -> ArraySlice<UInt8>? {
    guard element.count == 16 else { return nil }
    let length = Int(element.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
    guard length > 0 else { return [] }
    let address = element.loadUnaligned(fromByteOffset: 4, as: UInt64.self)
    let index = element.loadUnaligned(fromByteOffset: 12, as: UInt32.self)
    let heap = known[address] ?? objects(at: address)
    known[address] = heap
    guard let range = heap[index], length <= range.count else { return nil }
    return ArraySlice(bytes[range].prefix(length)).prefix { $0 != 0 }
  }

  private mutating func objects(at address: UInt64) -> [UInt32: Range<Int>] {
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
