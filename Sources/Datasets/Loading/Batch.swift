import Tensors

/// Prepared images with their labels. Its memory goes back to the loader with its last reference.
public final class Batch: Sendable {
  /// The number of images, `N`.
  public let count: Int
  /// The class of each image.
  public let labels: [Int32]
  /// The index of each image in the data set.
  public let indices: [Int]
  private let memory: BatchMemory
  private let elementCount: Int
  private let pool: BatchPool

  init(memory: BatchMemory, elementCount: Int, labels: [Int32], indices: [Int], pool: BatchPool) {
    count = labels.count
    self.memory = memory
    self.elementCount = elementCount
    self.labels = labels
    self.indices = indices
    self.pool = pool
  }

  /// Lends the images, `[N, C, H, W]`, 64-byte aligned.
  ///
  /// - Parameter body: Called with the floats, valid during the call.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public func withInputs<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) {
      try body(UnsafeBufferPointer(rebasing: memory.floats[..<elementCount]))
    }
  }

  deinit { pool.give(back: memory) }
}

/// The memory of one batch. Written by the worker that fills it, then only read, until it goes back
/// to the pool: the lock of the loader and of the pool orders these.
final class BatchMemory: @unchecked Sendable {
  private let memory: AlignedFloats
  let floats: UnsafeMutableBufferPointer<Float>

  /// Memory for a batch, 64-byte aligned.
  init(elementCount: Int) throws {
    guard let memory = AlignedFloats(count: elementCount) else {
      let (bytes, overflow) = elementCount.multipliedReportingOverflow(
        by: MemoryLayout<Float>.stride)
      throw DatasetError.outOfMemory(bytes: overflow ? .max : bytes)
    }
    self.memory = memory
    floats = UnsafeMutableBufferPointer(start: memory.address, count: elementCount)
    floats.initialize(repeating: 0)
  }
}

/// Memory of batches that are done with.
final class BatchPool: @unchecked Sendable {
  private let condition = Condition()
  private let elementCount: Int
  private var free: [BatchMemory] = []
  private var made = 0

  init(elementCount: Int) { self.elementCount = elementCount }

  /// Memory that nobody uses.
  func take() throws -> BatchMemory {
    let memory = condition.withLock {
      if free.isEmpty { made += 1 }
      return free.popLast()
    }
    return try memory ?? BatchMemory(elementCount: elementCount)
  }

  /// How many memories there are in all.
  var count: Int { condition.withLock { made } }

  /// Keeps memory for the next batch.
  func give(back memory: BatchMemory) {
    condition.withLock { free.append(memory) }
  }
}
