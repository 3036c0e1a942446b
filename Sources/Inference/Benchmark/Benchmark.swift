/// How fast a plan runs batches on this machine.
package struct Benchmark: Sendable {
  /// What to run.
  package struct Options: Sendable, Hashable {
    /// Images of a run.
    package var batch: Int
    /// Threads of a run.
    package var threads: Int
    /// Counted runs; nil for as many as take two seconds, at least five.
    package var runs: Int?
    /// Whether to measure each layer too, in runs of their own.
    package var layers: Bool

    /// Options.
    package init(batch: Int = 1, threads: Int = 1, runs: Int? = nil, layers: Bool = false) {
      self.batch = batch
      self.threads = threads
      self.runs = runs
      self.layers = layers
    }
  }

  /// One step of the plan.
  package struct Layer: Sendable, Hashable {
    /// What it is.
    package let step: StepInfo
    /// Images of a run.
    package let batch: Int
    /// The median of its times, for a batch.
    package let milliseconds: Double

    /// Floating-point operations a second, in 10^9, of the textbook's algorithm: one that needs fewer,
    /// such as Winograd's, can pass the machine's peak.
    package var gflops: Double { 2 * Double(step.macs * batch) / milliseconds / 1e6 }
    /// Bytes of weights and activations a second, in 10^9, each counted once.
    package var gigabytesPerSecond: Double {
      Double(step.weightBytes + step.activationBytes * batch) / milliseconds / 1e6
    }
  }

  /// What was run.
  package let options: Options
  /// Times of a batch in ms from float input to probabilities, in ascending order.
  package let milliseconds: [Double]
  /// Each layer, in the plan's order; empty unless asked for.
  package let layers: [Layer]
  private let macs: Int

  /// The least time of a batch.
  package var minimum: Double { milliseconds.first ?? 0 }
  /// The median time of a batch.
  package var median: Double { milliseconds.median }
  /// Images a second at the median.
  package var imagesPerSecond: Double { Double(options.batch) / median * 1000 }
  /// Floating-point operations a second at the median, in 10^9, of the textbook's algorithms.
  package var gflops: Double { 2 * Double(macs * options.batch) / median / 1e6 }

  /// Runs a plan after a warm-up.
  ///
  /// - Parameters:
  ///   - plan: What to run.
  ///   - options: How.
  /// - Returns: The times.
  /// - Throws: `InferenceError` where a count is out of range or memory is refused.
  package static func run(_ plan: Plan, options: Options) throws -> Benchmark {
    let session = try BenchmarkSession(plan, options)
    try session.warmUp()
    let times = try session.times()
    let layers = options.layers ? try session.layers() : []
    return Benchmark(
      options: options, milliseconds: times.sorted(), layers: layers,
      macs: plan.steps.reduce(0) { $0 + $1.macs })
  }
}

extension [Double] {
  /// The middle of ascending numbers, the mean of the two middle ones of an even count; 0 of none.
  var median: Double {
    guard !isEmpty else { return 0 }
    return (self[(count - 1) / 2] + self[count / 2]) / 2
  }
}
