/// Floats that are allocated once and grow only when more are asked for.
final class FloatScratch {
  private(set) var buffer = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)

  /// Makes room; what was there may be lost.
  ///
  /// - Parameter count: The number of floats wanted.
  func reserve(_ count: Int) {
    if buffer.count >= count { return }
    buffer.deallocate()
    buffer = .allocate(capacity: count)
    buffer.initialize(repeating: 0)
  }

  deinit { buffer.deallocate() }
}
