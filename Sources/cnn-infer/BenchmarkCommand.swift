import CommandSupport
import Inference

/// `cnn-infer benchmark`: how fast a checkpoint's network runs here.
enum BenchmarkCommand {
  static let batchSize = Flag(
    "--batch-size", "N", .integer(ExecutionContext.limits.batch), default: 1,
    help: "images of a run")
  static let runs = Flag(
    "--runs", "N", .integer(1...1_000_000), defaultText: "as many as take 2 seconds, at least 5",
    help: "how many runs count, after a warm-up")
  static let layers = Flag(
    "--layers",
    help: "tell each layer's algorithm, time and share of the machine's peak, which is measured")

  static let command = Command(
    name: "benchmark",
    abstract: "Measures how fast a checkpoint's network runs on this machine.",
    discussion: "Times are of a batch, from float input to probabilities. GFLOP/s count what the "
      + "textbook's algorithms compute, so that fast convolutions can pass the machine's peak; GB/s "
      + "count weights and activations once.",
    positional: .init("CKPT", help: "a checkpoint"),
    sections: [
      .init("Options", [batchSize, runs, layers, Flags.precision, Flags.threads, Flags.json])
    ],
    examples: [
      "cnn-infer benchmark alexnet.h5 --layers",
      "cnn-infer benchmark alexnet.h5 --batch-size 32 --threads 1 --json",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    let model = try Model(
      path: arguments.positionals[0], precision: arguments[Flags.precision],
      threads: arguments[Flags.threads], batch: arguments[batchSize])
    let options = Benchmark.Options(
      batch: arguments[batchSize], threads: model.threads, runs: arguments[runs],
      layers: arguments[layers])
    let peak =
      options.layers ? try MachinePeak.measure(isa: model.plan.isa, threads: model.threads) : nil
    let report = BenchmarkReport(
      network: model.checkpoint.network.name,
      precision: model.precision, isa: model.plan.isa,
      benchmark: try Benchmark.run(model.plan, options: options), peak: peak)
    if arguments[Flags.json] {
      try StandardOutput.json(report.json)
    } else {
      try StandardOutput.line(report.text)
    }
    return .success
  }
}
