import CommandSupport
import Datasets
import Inference
import Networks

/// `cnn-infer evaluate`: how well a checkpoint classifies the test part of a data set.
enum EvaluateCommand {
  static let limit = Flag(
    "--limit", "N", .integer(atLeast: 1), defaultText: "all",
    help: "use the first N images of the test part only")

  static let command = Command(
    name: "evaluate",
    abstract: "Classifies the test part of a data set and tells how well.",
    discussion: "Prints accuracy, mean cross-entropy, speed (loading included) and how often which "
      + "class is taken for which.",
    positional: .init("CKPT", help: "a checkpoint"),
    sections: [
      .init("Data (one of the two)", [Flags.dataset, Flags.data]),
      .init("Options", [limit, Flags.precision, Flags.threads, Flags.json, Flags.quiet]),
    ],
    examples: [
      "cnn-infer evaluate alexnet.h5 --dataset fashion-mnist",
      "cnn-infer evaluate flowers.h5 --data flowers --json",
    ],
    run: run)

  private static let batchSize = 32

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    if arguments.isGiven(Flags.dataset), arguments.isGiven(Flags.data) {
      throw arguments.conflict("--dataset and --data", "give one of them")
    }
    guard arguments.isGiven(Flags.dataset) || arguments.isGiven(Flags.data) else {
      throw arguments.conflict("neither --dataset nor --data", "give one of them")
    }
    let model = try Model(
      path: arguments.positionals[0], precision: arguments[Flags.precision],
      threads: arguments[Flags.threads], batch: batchSize)
    let source =
      try arguments[Flags.data].map { try DataSource.open(directory: $0) }
      ?? DataSource.fashionMNIST()
    let images = source.test.prefix(arguments[limit] ?? .max)
    let start = ContinuousClock.now
    let evaluation = try evaluate(model, on: images, quiet: arguments[Flags.quiet])
    let seconds = (ContinuousClock.now - start).inSeconds
    let report = EvaluationReport(
      evaluation: evaluation, imagesPerSecond: Double(evaluation.images) / seconds)
    if arguments[Flags.json] {
      try StandardOutput.json(report.json)
    } else {
      try StandardOutput.line(report.text(labels: model.checkpoint.label))
    }
    return .success
  }

  private static func evaluate(
    _ model: Model, on images: any ImageDataset, quiet: Bool
  ) throws -> Evaluation {
    let classes = try ClassMapping(of: images, onto: model)
    let loader = try BatchLoader(
      dataset: images, preprocessing: model.checkpoint.preprocessing, batchSize: batchSize,
      workers: model.threads)
    let progress = ProgressReporter(quiet: quiet)
    progress.begin("evaluating", total: images.count, unit: "images")
    defer { progress.end() }
    return try Evaluation.run(
      plan: model.plan, count: images.count, batchSize: batchSize, threads: model.threads,
      progress: { progress.update($0) },
      load: { _, memory in
        guard let batch = try loader.next() else { return [] }
        batch.withInputs { _ = memory.update(fromContentsOf: $0) }
        return batch.labels.map { classes.index(of: Int($0)) }
      })
  }
}

/// A data set's classes as the checkpoint counts them.
private struct ClassMapping {
  private let indices: [Int]

  /// By name where the checkpoint knows all names, else by index, which is told.
  init(of dataset: any ImageDataset, onto model: Model) throws {
    let names = dataset.classNames
    let labels = model.checkpoint.labels
    let count = model.checkpoint.network.classCount
    guard names.count <= count else {
      throw InferError.classesDiffer(
        dataset: dataset.source, found: names.count, path: model.path, expected: count)
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
