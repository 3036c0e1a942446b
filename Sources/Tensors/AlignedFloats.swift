/// Floats on cache-line boundaries, for the kernels of an engine.
///
/// Whoever shares them orders their reads and writes.
package final class AlignedFloats: Sendable {
  private let memory: AlignedMemory
  /// The first float; valid as long as this object.
  package nonisolated(unsafe) let address: UnsafeMutablePointer<Float>
  /// The number of floats.
  package let count: Int

  /// Memory of unspecified content as floats.
  ///
  /// - Parameters:
  ///   - memory: The memory, nobody else's.
  ///   - count: The number of floats, which it must hold.
  package init(_ memory: AlignedMemory, count: Int) {
    precondition(count * MemoryLayout<Float>.stride <= memory.byteCount)
    self.memory = memory
    address = memory.address.bindMemory(to: Float.self, capacity: count)
    self.count = count
  }

  /// Memory of unspecified content.
  ///
  /// - Parameter count: The number of floats.
  /// - Returns: nil where the system refuses.
  package convenience init?(count: Int) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    guard !overflow, let memory = AlignedMemory(byteCount: bytes) else { return nil }
    self.init(memory, count: count)
  }
}
