import CommandSupport
import Images
import Inference

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
        [
          model, topK, invert, maxPixels, Flags.precision, Flags.threads, Flags.json, Flags.quiet,
        ])
    ],
    examples: [
      "cnn-infer Samples/ankle-boot.png", "cnn-infer photos --model flowers.h5 --json",
      "cnn-infer - --invert --top-k 1 < photo.png",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    let limits = ImageLimits(maxPixels: arguments[maxPixels])
    let model = try Model(
      path: arguments[model] ?? DefaultModel.find(), precision: arguments[Flags.precision],
      threads: arguments[Flags.threads], expectedRuns: expectedRuns(arguments.positionals))
    let classifier = try Classifier(
      model, options: .init(threads: model.threads, limits: limits, invert: arguments[invert]))
    let form = Form(arguments)
    var isWhole = true
    for argument in arguments.positionals {
      for entry in ImageFiles.expand(argument) {
        do {
          let result = try classifier.classification(
            of: entry.get(), topK: form.topK, limits: limits)
          try form.print(result)
        } catch let error as CommandError where error.endsOutput {
          throw error
        } catch {
          ErrorLine.print(error, advice: Advice.text(for: error))
          isWhole = false
        }
      }
    }
    return isWhole ? .success : .failure
  }

  /// A guess at the number of images: a folder may hold many.
  private static func expectedRuns(_ paths: [String]) -> Int {
    paths.contains(where: ImageFiles.isFolder) ? 1000 : paths.count
  }

  /// How results are printed.
  private struct Form {
    let isJSON: Bool
    let isTable: Bool
    let topK: Int

    init(_ arguments: Arguments) {
      isJSON = arguments[Flags.json]
      isTable =
        arguments.positionals.count == 1 && !ImageFiles.isFolder(arguments.positionals[0])
      // One class is enough for a line, unless more are asked for.
      let isLine = !isJSON && !isTable && !arguments.isGiven(ClassifyCommand.topK)
      topK = isLine ? 1 : arguments[ClassifyCommand.topK]
    }

    func print(_ result: Classification) throws {
      if isJSON {
        try StandardOutput.json(result.json)
      } else {
        try StandardOutput.line(isTable ? result.table : result.line)
      }
    }
  }
}

extension CommandError {
  /// Whether no further result can be printed.
  fileprivate var endsOutput: Bool {
    switch self {
    case .outputClosed, .outputFailed: true
    case .unknownFlag, .missingValue, .unexpectedValue, .invalidValue, .missingFlag,
      .missingArgument, .unexpectedArgument, .conflict, .childFailed, .unreadablePath, .noImages,
      .noDefaultModel:
      false
    }
  }
}
