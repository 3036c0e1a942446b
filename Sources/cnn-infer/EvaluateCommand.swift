import CommandSupport
import Datasets
import Inference
import Networks

/// `cnn-infer evaluate`: how well a checkpoint classifies the test part of a data set.
enum EvaluateCommand {
  static let limit = Flag(
    "--limit", "N", .integer(atLeast: 1), defaultText: "all",
    help: "use the first N images of the test part only")
  static let against = Flag(
    "--against", "CKPT", .text("a checkpoint"),
    help: "evaluate another checkpoint of the same classes beside it, in its own arithmetic: the "
      + "int8 one beside the fp32 one, say")

  static let command = Command(
    name: "evaluate",
    abstract: "Classifies the test part of a data set and tells how well.",
    discussion: "Prints accuracy, mean cross-entropy, speed (loading included), of each class the "
      + "share that was found (recall) and that was right where it was said (precision), and how "
      + "often which class is taken for which.",
    positional: .init("CKPT", help: "a checkpoint"),
    sections: [
      .init("Data (one of the two)", [Flags.dataset, Flags.data]),
      .init("Options", [limit, against, Flags.precision, Flags.threads, Flags.json, Flags.quiet]),
    ],
    examples: [
      "cnn-infer evaluate alexnet.h5 --dataset fashion-mnist",
      "cnn-infer evaluate alexnet-int8.h5 --against alexnet.h5 --dataset fashion-mnist",
      "cnn-infer evaluate flowers.h5 --data flowers --json",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    try arguments.requireDataFlag()
    let model = try Model(
      path: arguments.positionals[0], precision: arguments[Flags.precision],
      threads: arguments[Flags.threads], batch: DatasetEvaluation.batchSize)
    let other = try arguments[against].map {
      try Model(
        path: $0, precision: .auto, threads: arguments[Flags.threads],
        batch: DatasetEvaluation.batchSize)
    }
    if let other { try model.checkSameClasses(other) }
    let source = try arguments.dataSource()
    let data = try DatasetEvaluation(
      of: source.test.prefix(arguments[limit] ?? .max), by: model.checkpoint, path: model.path,
      threads: model.threads, progress: ProgressReporter(quiet: arguments[Flags.quiet]))
    let (evaluation, speed) = try data.run(model.plan, model.checkpoint.preprocessing)
    var report = EvaluationReport(
      evaluation: evaluation, imagesPerSecond: speed, path: model.path,
      label: model.checkpoint.label)
    if let other {
      let (evaluation, speed) = try data.run(other.plan, other.checkpoint.preprocessing)
      report.other = .init(evaluation: evaluation, imagesPerSecond: speed, path: other.path)
    }
    if arguments[Flags.json] {
      try StandardOutput.json(report.json)
    } else {
      try StandardOutput.line(report.text)
    }
    return .success
  }
}

extension Model {
  /// Throws unless both models' classes are the same, in one order.
  fileprivate func checkSameClasses(_ other: Model) throws {
    let (count, otherCount) = (checkpoint.network.classCount, other.checkpoint.network.classCount)
    let differs = (0..<max(count, otherCount)).first {
      $0 >= min(count, otherCount) || checkpoint.label($0) != other.checkpoint.label($0)
    }
    if let differs { throw InferError.otherClasses(path: path, other: other.path, index: differs) }
  }
}
