#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Memory that the system may back by large pages: fresh memory then costs few page faults, and walks
/// through it in strides miss the CPU's table of pages less.
package enum LargePages {
  /// The size of one on x86-64, and most often on Arm.
  private static let size = 1 << 21

  /// Memory of unspecified content, 64-byte aligned; on large pages where it fills one.
  ///
  /// - Parameter byteCount: The number of bytes, at least 1.
  /// - Returns: The memory, to be released with `free`, or nil where the system refuses.
  package static func allocate(byteCount: Int) -> UnsafeMutableRawPointer? {
    let isLarge = byteCount >= size
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, isLarge ? size : 64, byteCount) == 0, let memory else {
      return nil
    }
    #if os(Linux)
      if isLarge { madvise(memory, byteCount / size * size, MADV_HUGEPAGE) }
    #endif
    return memory
  }
}
