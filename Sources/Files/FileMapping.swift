#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A read-only mapping of a whole file, unmapped with its last reference.
package final class FileMapping: Sendable {
  /// The mapped bytes.
  package let byteCount: Int
  // Only read through: Sendable.
  private nonisolated(unsafe) let address: UnsafeRawPointer

  /// Maps an open file.
  ///
  /// - Parameters:
  ///   - descriptor: The open file; it may be closed afterwards.
  ///   - byteCount: Its length, not 0.
  /// - Throws: `FileError.refused`.
  init(descriptor: Int32, byteCount: Int) throws(FileError) {
    guard let address = mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0),
      address != MAP_FAILED
    else { throw .refused(reason: SystemCall.cause()) }
    self.address = UnsafeRawPointer(address)
    self.byteCount = byteCount
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: address), byteCount) }

  /// Lends the bytes.
  ///
  /// - Parameter body: Called with the bytes, valid during the call.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) {
      try body(UnsafeRawBufferPointer(start: address, count: byteCount))
    }
  }

  /// Brings the pages of a range in at once, several times faster than one fault after another.
  ///
  /// - Parameter range: Offsets within the file, starting at a page's first byte.
  package func populate(_ range: Range<Int>) {
    #if os(Linux)
      // MADV_POPULATE_READ of Linux 5.14; older kernels refuse it, and the pages come as they are
      // touched.
      advise(range, 22)
    #endif
  }

  /// Drops the pages of a range: they no longer count as memory of this process, and come back when
  /// they are touched.
  ///
  /// - Parameter range: Offsets within the file, starting at a page's first byte.
  package func release(_ range: Range<Int>) { advise(range, MADV_DONTNEED) }

  private func advise(_ range: Range<Int>, _ advice: Int32) {
    let start = UnsafeMutableRawPointer(mutating: address + range.lowerBound)
    _ = madvise(start, range.count, advice)
  }
}
