#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Floats on cache-line boundaries. Written by whoever made them, before they are shared.
final class AlignedFloats: @unchecked Sendable {
  let address: UnsafeMutablePointer<Float>
  let count: Int

  /// What the system can back by one large page, so that fresh memory costs few page faults.
  private static let largePage = 1 << 21

  /// Memory of unspecified content.
  ///
  /// - Parameter count: The number of floats.
  /// - Throws: `InferenceError.outOfMemory`.
  init(uninitialized count: Int) throws {
    let (bytes, overflow) = max(count, 16).multipliedReportingOverflow(by: 4)
    var raw: UnsafeMutableRawPointer?
    let isLarge = bytes >= Self.largePage
    guard !overflow, posix_memalign(&raw, isLarge ? Self.largePage : 64, bytes) == 0, let raw else {
      throw InferenceError.outOfMemory(bytes: overflow ? .max : bytes)
    }
    #if os(Linux)
      if isLarge { madvise(raw, bytes / Self.largePage * Self.largePage, MADV_HUGEPAGE) }
    #endif
    address = raw.bindMemory(to: Float.self, capacity: max(count, 16))
    self.count = count
  }

  /// A copy of values.
  ///
  /// - Parameter values: The floats.
  /// - Throws: `InferenceError.outOfMemory`.
  convenience init(_ values: [Float]) throws {
    try self.init(uninitialized: values.count)
    values.withUnsafeBufferPointer {
      if let from = $0.baseAddress { address.update(from: from, count: $0.count) }
    }
  }

  deinit { free(address) }
}
