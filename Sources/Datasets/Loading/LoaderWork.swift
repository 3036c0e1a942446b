import Images
import Networks

/// What the threads of a `BatchLoader` share. All that changes is guarded by `condition`.
final class LoaderWork: @unchecked Sendable {
  private let dataset: any ImageDataset
  private let preprocessing: Preprocessing
  private let batches: BatchSchedule
  private let ahead: Int
  private let augmentation: Augmentation
  private let seed: UInt64
  private let epoch: Int
  let pool: BatchPool

  private let condition = Condition()
  private var claimed = 0
  private var delivered = 0
  private var ready: [Int: Result<Batch, any Error>] = [:]
  private var isStopped = false

  init(
    dataset: any ImageDataset, preprocessing: Preprocessing, batches: BatchSchedule, ahead: Int,
    augmentation: Augmentation, seed: UInt64, epoch: Int
  ) {
    self.dataset = dataset
    self.preprocessing = preprocessing
    self.batches = batches
    self.ahead = ahead
    self.augmentation = augmentation
    self.seed = seed
    self.epoch = epoch
    pool = BatchPool(elementCount: batches.largest * preprocessing.shape.elementCount)
  }

  /// The body of each thread.
  func run() {
    let augmenter = Augmenter(
      augmentation, preprocessing: preprocessing, seed: seed, epoch: epoch)
    do {
      let plan = try PreprocessingPlan(preprocessing)
      while let batch = claim() {
        let result = Result { try fill(batch, plan: plan, augmenter: augmenter) }
        condition.withLock {
          ready[batch] = result
          condition.broadcast()
        }
      }
    } catch {
      preconditionFailure("preprocessing was validated before: \(error)")
    }
  }

  /// The next batch in order, or nil after the last.
  func next() throws -> Batch? {
    try condition.withLock {
      if delivered == batches.count { return nil }
      while ready[delivered] == nil { condition.wait() }
      if case .failure(let error)? = ready[delivered] {
        isStopped = true
        condition.broadcast()
        throw error
      }
      let batch = try ready.removeValue(forKey: delivered)?.get()
      delivered += 1
      condition.broadcast()
      return batch
    }
  }

  /// Ends the threads after the image that each is at.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
    }
  }

  private func claim() -> Int? {
    condition.withLock {
      while !isStopped && claimed < batches.count && claimed >= delivered + ahead {
        condition.wait()
      }
      if isStopped || claimed == batches.count { return nil }
      claimed += 1
      return claimed - 1
    }
  }

  private func fill(_ batch: Int, plan: PreprocessingPlan, augmenter: Augmenter) throws -> Batch {
    let indices = batches.indices(of: batch)
    let memory = try pool.take()
    let size = preprocessing.shape.elementCount
    var labels: [Int32] = []
    labels.reserveCapacity(indices.count)
    for (position, index) in indices.enumerated() {
      if condition.withLock({ isStopped }) { break }
      let tensor = UnsafeMutableBufferPointer(
        rebasing: memory.floats[position * size..<(position + 1) * size])
      plan.apply(to: try dataset.image(at: index), into: tensor)
      augmenter.apply(to: tensor, index: index)
      labels.append(Int32(truncatingIfNeeded: dataset.label(at: index)))
    }
    return Batch(
      memory: memory, elementCount: labels.count * size, labels: labels, indices: Array(indices),
      pool: pool)
  }
}
