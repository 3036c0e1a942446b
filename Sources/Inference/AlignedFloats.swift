import Checkpoints

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Floats on cache-line boundaries. Written by whoever made them, before they are shared.
final class AlignedFloats: @unchecked Sendable {
  let address: UnsafeMutablePointer<Float>
  let count: Int

  /// Memory of unspecified content.
  ///
  /// - Parameter count: The number of floats.
  /// - Throws: `InferenceError.outOfMemory`.
  init(uninitialized count: Int) throws {
    let (bytes, overflow) = max(count, 16).multipliedReportingOverflow(by: 4)
    guard !overflow, let raw = LargePages.allocate(byteCount: bytes) else {
      throw InferenceError.outOfMemory(bytes: overflow ? .max : bytes)
    }
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
