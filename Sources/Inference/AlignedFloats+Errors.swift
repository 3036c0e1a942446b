import Tensors

extension AlignedFloats {
  /// Memory of unspecified content.
  ///
  /// - Parameter count: The number of floats.
  /// - Throws: `InferenceError.outOfMemory`.
  convenience init(uninitialized count: Int) throws {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    guard !overflow, let memory = AlignedMemory(byteCount: bytes) else {
      throw InferenceError.outOfMemory(bytes: overflow ? .max : bytes)
    }
    self.init(memory, count: count)
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
}
