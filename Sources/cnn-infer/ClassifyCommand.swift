import CommandSupport
import Images

/// `cnn-infer IMAGE…`: which classes images show.
enum ClassifyCommand {
  static let model = Flag(
    "--model", "CKPT", .text("a checkpoint"), defaultText: "CNN_MODEL, else the shipped one",
    help: "the checkpoint to classify with")
  static let topK = Flag(
    "--top-k", "N", .integer(1...100_000), default: 5, help: "how many classes of each image")
  static let invert = Flag(
    "--invert", help: "invert the images first: for dark things on a bright ground")
  static let maxPixels = Flag(
    "--max-pixels", "N", .integer(atLeast: 1), default: ImageLimits().maxPixels,
    help: "refuse images of more pixels than that")

  static let command = Command(
    abstract: "Classifies PNG images with a trained network.",
    discussion: "An image that cannot be read costs a line on standard error and, in the end, exit "
      + "code 1; the others are still classified. A file named like a command goes after '--'.",
    positional: .init(
      "IMAGE", count: 1...Int.max,
      help: "a PNG, a folder (every *.png in it, at any depth), or '-' for standard input"),
    sections: [
      .init(
        "Options",
        [model, topK, invert, maxPixels, Flags.precision, Flags.threads, Flags.json])
    ],
    examples: [
      "cnn-infer Samples/ankle-boot.png", "cnn-infer photos --model flowers.h5 --json",
      "cnn-infer - --invert --top-k 1 < photo.png",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    let path = try arguments[model] ?? DefaultModel.find()
    var classifier = try ImageClassifier(
      model: Model(
        path: path, precision: arguments[Flags.precision], threads: arguments[Flags.threads]),
      isInverted: arguments[invert], limits: ImageLimits(maxPixels: arguments[maxPixels]))
    let topK = arguments[topK]
    var isWhole = true
    let isSingle = arguments.positionals.count == 1
    for argument in arguments.positionals {
      let entries = ImageFiles.expand(argument)
      for entry in entries {
        do {
          let result = try classifier.classify(entry.get())
          if arguments[Flags.json] {
            try StandardOutput.json(result.json(topK: topK))
          } else if isSingle, entries.count == 1 {
            try StandardOutput.line(result.table(topK: topK))
          } else {
            try StandardOutput.line(result.line(topK: arguments.isGiven(Self.topK) ? topK : 1))
          }
        } catch let error as CommandError where error.endsOutput {
          throw error
        } catch {
          ErrorLine.print(error)
          isWhole = false
        }
      }
    }
    return isWhole ? .success : .failure
  }
}

extension CommandError {
  /// Whether no further result can be printed.
  fileprivate var endsOutput: Bool {
    switch self {
    case .outputClosed, .outputFailed: true
    case .unknownFlag, .missingValue, .unexpectedValue, .invalidValue, .missingFlag,
      .missingArgument,
      .unexpectedArgument, .conflict, .childFailed, .unreadablePath, .noImages, .noDefaultModel:
      false
    }
  }
}
