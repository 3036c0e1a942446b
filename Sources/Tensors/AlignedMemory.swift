#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes on cache-line boundaries, freed with the last reference.
///
/// The system may back them by large pages: fresh memory then costs few page faults, and strided walks
/// miss the CPU's table of pages less. Whoever shares the memory orders its reads and writes.
package final class AlignedMemory: @unchecked Sendable {
  /// The size of a large page on x86-64, and most often on Arm.
  private static let largePage = 1 << 21

  /// The first byte, 64-byte aligned; valid as long as this object.
  package let address: UnsafeMutableRawPointer
  /// The number of bytes, at least 64.
  package let byteCount: Int

  /// Memory of unspecified content; on large pages where it fills one.
  ///
  /// - Parameter byteCount: The number of bytes.
  /// - Returns: nil where the system refuses.
  package init?(byteCount: Int) {
    self.byteCount = max(byteCount, 64)
    let isLarge = byteCount >= Self.largePage
    var memory: UnsafeMutableRawPointer?
    let alignment = isLarge ? Self.largePage : 64
    guard posix_memalign(&memory, alignment, self.byteCount) == 0, let memory else { return nil }
    #if os(Linux)
      if isLarge {
        madvise(memory, byteCount / Self.largePage * Self.largePage, MADV_HUGEPAGE)
      }
    #endif
    address = memory
  }

  /// Memory of zeros.
  ///
  /// - Parameter byteCount: The number of bytes.
  /// - Returns: nil where the system refuses.
  package convenience init?(zeroed byteCount: Int) {
    self.init(byteCount: byteCount)
    memset(address, 0, self.byteCount)
  }

  deinit { free(address) }
}
