import CommandSupport
import Inference

/// Benchmark runs spread over time, for `Benchmarks/compare`, which lets other programs run between
/// them.
enum BenchmarkRoundsCommand {
  /// Prints the logits of one run, then for each number on standard input the times of as many runs.
  static let hidden = Command(
    name: "benchmark-rounds", abstract: "Runs a network when it is told to.",
    discussion: "INPUT holds the images as little-endian float32.",
    positional: .init("CKPT INPUT", count: 2...2, help: "a checkpoint, and its input"),
    sections: [
      .init("Options", [BenchmarkCommand.batchSize, Flags.precision, Flags.threads])
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    let batch = arguments[BenchmarkCommand.batchSize]
    let model = try Model(
      path: arguments.positionals[0], precision: arguments[Flags.precision],
      threads: arguments[Flags.threads], batch: batch)
    let images = try FloatFile.read(arguments.positionals[1])
    let size = model.plan.network.input.elementCount
    let session = try BenchmarkSession(
      model.plan, .init(batch: batch, threads: model.threads),
      images: Array(images.prefix(min(batch, images.count / size) * size)))
    try session.warmUp()
    try print("logits", session.logits.map { .float($0) })
    while let line = readLine() {
      guard let runs = Int(line), runs > 0 else { return .usage }
      try print("milliseconds", session.times(runs: runs).map { .number($0) })
    }
    return .success
  }

  private static func print(_ name: String, _ values: [JSONValue]) throws {
    try StandardOutput.json(.object([.init(name, .array(values))]))
  }
}
