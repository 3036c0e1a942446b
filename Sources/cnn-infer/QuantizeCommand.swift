import CheckpointWriting
import Checkpoints
import CommandSupport
import Datasets
import Hardware
import Inference

/// `cnn-infer quantize`: an int8 checkpoint of a float one.
enum QuantizeCommand {
  static let samples = Flag(
    "--samples", "N", .integer(1...1_000_000), default: 512,
    help: "how many images of the training part calibrate, spread over its classes")
  static let method = Flag(
    "--method", "WORD", .choice, default: CalibrationMethod.mse,
    help: "how the range of a value is chosen: all that occurred, all but one in 10,000, the least "
      + "squared error, or the least Kullback–Leibler divergence")
  static let maxDrop = Flag(
    "--max-drop", "POINTS", .number(0...100), defaultText: "every layer is int8",
    help: "let layers compute in float32, the worst first, until no more points of accuracy are "
      + "lost")
  static let evaluate = Flag(
    "--evaluate", "N|all|none", .extent, default: .all,
    help: "how many images of the test part tell the accuracy before and after")

  static let command = Command(
    name: "quantize",
    abstract: "Makes an int8 checkpoint, a quarter as large and faster, of a float one.",
    discussion: "Batch norms are folded into convolutions. Prints each layer's ratio of signal to "
      + "quantisation noise, and the accuracy before and after.",
    positional: .init("CKPT", help: "a checkpoint in float32"),
    sections: [
      .init("Data (one of the two)", [Flags.dataset, Flags.data]),
      .init(
        "Options",
        [Flags.output, samples, method, maxDrop, evaluate, Flags.threads, Flags.quiet]),
    ],
    examples: [
      "cnn-infer quantize alexnet.h5 -o alexnet-int8.h5 --dataset fashion-mnist",
      "cnn-infer quantize flowers.h5 -o flowers-int8.h5 --data flowers --max-drop 0.3",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    let path = arguments.positionals[0]
    let target = try arguments.required(Flags.output)
    if arguments[maxDrop] != nil, arguments[evaluate] == .none {
      throw arguments.conflict("--max-drop and --evaluate none", "the loss must be measured")
    }
    try arguments.requireDataFlag()
    guard !SameFile.check(path, target) else { throw InferError.outputIsInput(path: target) }
    // Held from here on, so that what cannot be written is told before minutes of work.
    let writer = try CheckpointWriter(path: target)
    let checkpoint = try Checkpoint(contentsOf: path)
    guard checkpoint.weights.precision == .fp32 else {
      throw InferError.alreadyQuantized(path: path)
    }
    let source = try arguments.dataSource()
    let threads = arguments[Flags.threads] ?? availableCores
    let progress = ProgressReporter(quiet: arguments[Flags.quiet])
    let quantizer = try Quantizer(
      calibrate(checkpoint, on: source.train, arguments, threads, progress),
      method: arguments[method])
    var accuracy: QuantizedAccuracy?
    var outcome = (checkpoint: quantizer.checkpoint(), fallenBack: [String]())
    if let count = arguments[evaluate].limit {
      let data = try DatasetEvaluation(
        of: source.test.prefix(count), by: checkpoint, path: path, threads: threads,
        progress: progress)
      var measured = try QuantizedAccuracy(of: checkpoint, on: data)
      outcome = try measured.quantize(quantizer, losingAtMost: arguments[maxDrop])
      accuracy = measured
    }
    try writer.write(outcome.checkpoint, producer: Producer.text)
    let report = QuantizationReport(
      quantizer: quantizer, checkpoint: outcome.checkpoint, fallenBack: outcome.fallenBack,
      accuracy: accuracy)
    try StandardOutput.line(report.text)
    return .success
  }

  private static func calibrate(
    _ checkpoint: Checkpoint, on images: any ImageDataset, _ arguments: Arguments, _ threads: Int,
    _ progress: ProgressReporter
  ) throws -> Calibration {
    let calibration = try Calibration(of: checkpoint, threads: threads)
    let order = images.spread(arguments[samples], seed: 0)
    let loader = try BatchLoader(
      dataset: images, preprocessing: checkpoint.preprocessing,
      batchSize: DatasetEvaluation.batchSize, order: order, workers: threads)
    progress.begin("calibrating", total: order.count, unit: "images")
    defer { progress.end() }
    while let batch = try loader.next() {
      try batch.withInputs { try calibration.observe($0) }
      progress.update(calibration.samples)
    }
    return calibration
  }
}

/// How many images of a data set: `N`, `all` or `none`.
enum EvaluationExtent: Equatable, Sendable, CustomStringConvertible {
  case first(Int)
  case all
  case none

  /// The most images; nil where none is wanted.
  var limit: Int? {
    switch self {
    case .first(let count): count
    case .all: .max
    case .none: nil
    }
  }

  var description: String {
    switch self {
    case .first(let count): "\(count)"
    case .all: "all"
    case .none: "none"
    }
  }
}

extension ValueParser where Value == EvaluationExtent {
  fileprivate static var extent: ValueParser {
    ValueParser("a number of images, all or none") { text in
      switch text {
      case "all": .all
      case "none": EvaluationExtent.none
      default: Int(text).flatMap { $0 >= 1 ? .first($0) : nil }
      }
    }
  }
}
