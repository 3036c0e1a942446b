import Checkpoints
import CommandSupport
import Datasets
import Inference
import Networks

extension Arguments {
  /// Throws unless one of `--dataset` and `--data` is given.
  func requireDataFlag() throws {
    if isGiven(Flags.dataset), isGiven(Flags.data) {
      throw conflict("--dataset and --data", "give one of them")
    }
    guard isGiven(Flags.dataset) || isGiven(Flags.data) else {
      throw conflict("neither --dataset nor --data", "give one of them")
    }
  }

  /// The data set that `--dataset` or `--data` names.
  func dataSource() throws -> DataSource {
    if let folder = self[Flags.data] { return try DataSource.open(directory: folder) }
    return try (self[Flags.dataset] ?? .fashionMNIST).open()
  }
}

/// Classifies a data set with checkpoints of one class table.
struct DatasetEvaluation {
  let images: any ImageDataset
  let threads: Int
  let progress: ProgressReporter
  private let classes: ClassMapping

  static let batchSize = 32

  /// - Parameters:
  ///   - images: What is classified.
  ///   - checkpoint: Whose classes the images' are taken for; other checkpoints have the same.
  ///   - path: Its file.
  ///   - threads: Threads of a run.
  ///   - progress: Tells how it goes on.
  /// - Throws: `InferError.classesDiffer`.
  init(
    of images: any ImageDataset, by checkpoint: Checkpoint, path: String, threads: Int,
    progress: ProgressReporter
  ) throws {
    self.images = images
    self.threads = threads
    self.progress = progress
    classes = try ClassMapping(of: images, onto: checkpoint, path: path)
  }

  /// - Parameters:
  ///   - plan: What classifies.
  ///   - preprocessing: How an image becomes its input.
  ///   - title: What the progress is called.
  /// - Returns: How well, and images a second.
  /// - Throws: `InferenceError`, or what loading an image throws.
  func run(
    _ plan: Plan, _ preprocessing: Preprocessing, title: String = "evaluating"
  ) throws -> (evaluation: Evaluation, imagesPerSecond: Double) {
    let loader = try BatchLoader(
      dataset: images, preprocessing: preprocessing, batchSize: Self.batchSize, workers: threads)
    progress.begin(title, total: images.count, unit: "images")
    defer { progress.end() }
    let start = ContinuousClock.now
    let evaluation = try Evaluation.run(
      plan: plan, count: images.count, batchSize: Self.batchSize, threads: threads,
      progress: { progress.update($0) },
      load: { _, memory in
        guard let batch = try loader.next() else { return [] }
        batch.withInputs { _ = memory.update(fromContentsOf: $0) }
        return batch.labels.map { classes.index(of: Int($0)) }
      })
    let seconds = (ContinuousClock.now - start).inSeconds
    return (evaluation, Double(evaluation.images) / seconds)
  }
}

/// A data set's classes as the checkpoint counts them.
private struct ClassMapping {
  private let indices: [Int]

  /// By name where the checkpoint knows all names, else by index, which is told.
  init(of dataset: any ImageDataset, onto checkpoint: Checkpoint, path: String) throws {
    let names = dataset.classNames
    let labels = checkpoint.labels
    let count = checkpoint.network.classCount
    guard names.count <= count else {
      throw InferError.classesDiffer(
        dataset: dataset.source, found: names.count, path: path, expected: count)
    }
    let found = names.compactMap { labels.firstIndex(of: $0) }
    if found.count == names.count {
      indices = found
    } else {
      indices = Array(names.indices)
      if !labels.isEmpty {
        ErrorLine.note(
          "classes are compared by their index: the data's are \(Self.start(of: names)), "
            + "the checkpoint's \(Self.start(of: labels))")
      }
    }
  }

  func index(of label: Int) -> Int { indices.indices.contains(label) ? indices[label] : label }

  private static func start(of names: [String]) -> String {
    names.prefix(3).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 3 ? ", …" : "")
  }
}
