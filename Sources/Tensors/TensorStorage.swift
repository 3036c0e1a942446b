#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Read-only memory that tensors view: allocated here, or a part of a mapped file. Freed with its last
/// reference.
public final class TensorStorage: Sendable {
  /// The number of bytes.
  public let byteCount: Int
  /// Whether the memory is a read-only mapping of a file, whose pages come back when they are touched.
  private let isFileMapping: Bool
  // Only read through, and valid as long as the owner.
  private nonisolated(unsafe) let address: UnsafeRawPointer
  private let owner: any AnyObject & Sendable

  /// Fresh memory, 64-byte aligned, written once before anybody else sees it.
  ///
  /// - Parameters:
  ///   - byteCount: The number of bytes, from a validated shape.
  ///   - body: Called with the bytes, all 0, to be filled; they are valid during the call.
  /// - Throws: What `body` throws.
  public init(
    byteCount: Int, initializingWith body: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    guard let memory = AlignedMemory(zeroed: byteCount) else {
      preconditionFailure("no memory for a tensor of \(byteCount) bytes")
    }
    try body(UnsafeMutableRawBufferPointer(start: memory.address, count: byteCount))
    self.byteCount = byteCount
    isFileMapping = false
    address = UnsafeRawPointer(memory.address)
    owner = memory
  }

  /// A copy of the bytes of an array.
  ///
  /// - Parameter values: Numbers, not references.
  public convenience init<Value: BitwiseCopyable>(copying values: [Value]) {
    self.init(byteCount: values.count * MemoryLayout<Value>.stride) { memory in
      values.withUnsafeBytes(memory.copyMemory)
    }
  }

  /// Memory that somebody else made and that nobody writes any more.
  ///
  /// - Parameters:
  ///   - bytes: The memory.
  ///   - owner: Keeps the memory alive; referenced as long as the storage is.
  ///   - isFileMapping: Whether the memory is a read-only mapping of a file.
  public init(
    viewing bytes: UnsafeRawBufferPointer, of owner: any AnyObject & Sendable,
    isFileMapping: Bool = false
  ) {
    byteCount = bytes.count
    // An address is never read where there are no bytes; a storage of none still has one.
    address = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 64).unsafelyUnwrapped
    self.owner = owner
    self.isFileMapping = isFileMapping
  }

  /// Lends the bytes.
  ///
  /// - Parameter body: Called with the bytes, valid during the call.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) {
      try body(UnsafeRawBufferPointer(start: address, count: byteCount))
    }
  }

  /// Drops the whole pages of a range if they come back from a file; does nothing to other memory.
  ///
  /// - Parameter range: Offsets in the storage.
  func releasePages(_ range: Range<Int>) {
    guard isFileMapping else { return }
    let page = Int(getpagesize())
    let first = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    guard first < end else { return }
    _ = madvise(UnsafeMutableRawPointer(mutating: address + first), end - first, MADV_DONTNEED)
  }
}
