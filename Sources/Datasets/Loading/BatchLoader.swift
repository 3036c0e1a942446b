public import Networks

/// Decodes, prepares and batches images on threads of its own, ahead of whoever asks for them.
///
/// The batches depend on the arguments alone, not on the number of threads or their speed. At most
/// `ahead` batches are prepared or in preparation, so memory is bounded however large the data set.
/// Ask from one thread at a time. Threads end with the last batch, or with the loader.
public final class BatchLoader {
  private let work: LoaderWork
  private var threads: [WorkerThread] = []

  /// Starts loading.
  ///
  /// - Parameters:
  ///   - dataset: The images.
  ///   - preprocessing: How each becomes a tensor.
  ///   - batchSize: Images in a batch, at least 1; the last may have fewer.
  ///   - order: Indices into the data set, in the order of visit; nil is the data set's order.
  ///   - start: Positions of `order` to skip: where a run resumes.
  ///   - augmentation: Random changes, for training.
  ///   - seed: Decides the changes.
  ///   - epoch: Whole epochs done before; it decides the changes too.
  ///   - ahead: Batches that may be prepared before they are asked for, at least 1.
  ///   - workers: Threads, at least 1.
  /// - Throws: `NetworkError.invalidPreprocessing`, `DatasetError.cannotStartThread`.
  public init(
    dataset: any ImageDataset, preprocessing: Preprocessing, batchSize: Int, order: [Int]? = nil,
    startingAt start: Int = 0, augmentation: Augmentation = .none, seed: UInt64 = 0,
    epoch: Int = 0, ahead: Int = 2, workers: Int = 1
  ) throws {
    precondition(batchSize >= 1 && ahead >= 1 && workers >= 1 && start >= 0)
    try preprocessing.validate()
    let order = order ?? Array(0..<dataset.count)
    work = LoaderWork(
      dataset: dataset, preprocessing: preprocessing,
      batches: BatchSchedule(order: order, start: start, batchSize: batchSize), ahead: ahead,
      augmentation: augmentation, seed: seed, epoch: epoch)
    for _ in 0..<min(workers, ahead) {
      threads.append(try WorkerThread { [work] in work.run() })
    }
  }

  deinit {
    work.stop()
    for thread in threads { thread.join() }
  }

  /// The next batch; waits until it is prepared.
  ///
  /// - Returns: The batch, or nil after the last.
  /// - Throws: `ImageError` of an image of this batch, again at each further call.
  public func next() throws -> Batch? { try work.next() }

  /// How many batches' memories were allocated so far; those that come back are used again.
  package var memoryCount: Int { work.pool.count }
}

/// Which images go into which batch.
struct BatchSchedule: Sendable {
  let order: [Int]
  let start: Int
  let batchSize: Int

  /// The number of batches.
  var count: Int {
    let images = max(order.count - start, 0)
    return images / batchSize + (images % batchSize == 0 ? 0 : 1)
  }

  /// The most images in a batch.
  var largest: Int { min(batchSize, max(order.count - start, 0)) }

  /// The images of a batch.
  func indices(of batch: Int) -> ArraySlice<Int> {
    let first = start + batch * batchSize
    return order[first..<first + min(batchSize, order.count - first)]
  }
}
