import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Memory that tensors view: allocated here, or a part of a mapped file. Freed with its last
/// reference.
///
/// Storage is written only by whoever made it, before it is shared.
public final class TensorStorage: @unchecked Sendable {
  /// The first byte, 64-byte aligned where this storage allocated it.
  public let address: UnsafeMutableRawPointer
  /// The number of bytes.
  public let byteCount: Int
  /// Whether the memory is a read-only mapping of a file, whose pages come back when they are touched.
  let isFileMapping: Bool
  private let release: (UnsafeMutableRawPointer, Int) -> Void

  /// Fresh memory of zeros, 64-byte aligned.
  ///
  /// - Parameter byteCount: The number of bytes, from a validated shape.
  public init(zeroed byteCount: Int) {
    let size = max(byteCount, 64)
    address = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    memset(address, 0, size)
    self.byteCount = byteCount
    isFileMapping = false
    release = { address, _ in address.deallocate() }
  }

  /// A copy of the bytes of an array.
  ///
  /// - Parameter values: Numbers, not references.
  public convenience init<Value: BitwiseCopyable>(copying values: [Value]) {
    self.init(zeroed: values.count * MemoryLayout<Value>.stride)
    values.withUnsafeBytes {
      UnsafeMutableRawBufferPointer(start: address, count: byteCount).copyMemory(from: $0)
    }
  }

  /// Memory that somebody else made.
  ///
  /// - Parameters:
  ///   - address: The first byte.
  ///   - byteCount: The number of bytes.
  ///   - release: Called once with both when the last reference is gone.
  public convenience init(
    adopting address: UnsafeMutableRawPointer, byteCount: Int,
    release: @escaping (UnsafeMutableRawPointer, Int) -> Void
  ) {
    self.init(
      adopting: address, byteCount: byteCount, isFileMapping: false, release: release)
  }

  /// A whole file, which stays mapped as long as this storage.
  convenience init(_ mapping: FileMapping) {
    self.init(
      adopting: mapping.withBytes { UnsafeMutableRawPointer(mutating: $0.baseAddress!) },
      byteCount: mapping.byteCount, isFileMapping: true
    ) { _, _ in _ = mapping }
  }

  /// Memory that somebody else made, a read-only mapping of a file or not.
  init(
    adopting address: UnsafeMutableRawPointer, byteCount: Int, isFileMapping: Bool,
    release: @escaping (UnsafeMutableRawPointer, Int) -> Void
  ) {
    self.isFileMapping = isFileMapping
    self.address = address
    self.byteCount = byteCount
    self.release = release
  }

  deinit { release(address, byteCount) }
}
