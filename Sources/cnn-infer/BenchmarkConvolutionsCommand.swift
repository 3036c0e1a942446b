import Checkpoints
import CommandSupport
import Hardware
import Inference

/// Every convolution by every algorithm, for `Benchmarks/fit_convolution_costs.py`.
enum BenchmarkConvolutionsCommand {
  /// Prints a plan's time, then its convolutions, one line per algorithm and one for the model's choice.
  static let hidden = Command(
    name: "benchmark-convolutions", abstract: "Measures every convolution by every algorithm.",
    discussion: "Prints one JSON object per algorithm; the last one has what the plan chooses.",
    positional: .init("CKPT", help: "a checkpoint in fp32"),
    sections: [
      .init("Options", [BenchmarkCommand.batchSize, BenchmarkCommand.runs, Flags.threads])
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    let threads = arguments[Flags.threads] ?? availableCores
    let checkpoint = try Checkpoint(contentsOf: arguments.positionals[0], threads: threads)
    let options = Benchmark.Options(
      batch: arguments[BenchmarkCommand.batchSize], threads: threads,
      runs: arguments[BenchmarkCommand.runs])
    for algorithm in ConvolutionAlgorithm.all.map(Optional.some) + [nil] {
      let clock = ContinuousClock(), start = clock.now
      let plan = try Plan(
        network: checkpoint.network, weights: checkpoint.weights, threads: threads,
        batch: options.batch, convolutions: algorithm)
      let loading = clock.now - start
      let session = try BenchmarkSession(plan, options)
      try session.warmUp()
      try StandardOutput.json(
        .object([
          .init("isa", .string(plan.isa.rawValue)),
          .init("isChosen", .bool(algorithm == nil)),
          .init("batch", .integer(options.batch)),
          .init("threads", .integer(threads)),
          .init("planMilliseconds", .number(loading / .milliseconds(1))),
          .init("convolutions", .array(try session.convolutions().map(json))),
        ]))
    }
    return .success
  }

  private static func json(of convolution: ConvolutionMeasurement) -> JSONValue {
    let attributes = convolution.attributes
    return .object([
      .init("name", .string(convolution.name)),
      .init("inputChannels", .integer(convolution.input.channels)),
      .init("outputChannels", .integer(convolution.output.channels)),
      .init("height", .integer(convolution.output.height)),
      .init("width", .integer(convolution.output.width)),
      .init("kernelHeight", .integer(attributes.kernelSize.height)),
      .init("kernelWidth", .integer(attributes.kernelSize.width)),
      .init("strideWidth", .integer(attributes.stride.width)),
      .init("groups", .integer(attributes.groups)),
      .init("outputTile", .integer(convolution.outputTile)),
      .init("images", .integer(convolution.images)),
      .init("cost", .number(convolution.cost)),
      .init("milliseconds", .number(convolution.milliseconds)),
    ])
  }
}
