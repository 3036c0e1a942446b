/// How fast a plan runs batches on this machine.
public struct Benchmark: Sendable {
  /// What to run.
  public struct Options: Sendable, Hashable {
    /// Images of a run.
    public var batch: Int
    /// Threads of a run.
    public var threads: Int
    /// Counted runs; nil for as many as take two seconds, at least five.
    public var runs: Int?
    /// Whether to measure each layer too, in runs of their own.
    public var layers: Bool

    /// Options.
    public init(batch: Int = 1, threads: Int = 1, runs: Int? = nil, layers: Bool = false) {
      self.batch = batch
      self.threads = threads
      self.runs = runs
      self.layers = layers
    }
  }

  /// One step of the plan.
  public struct Layer: Sendable, Hashable {
    /// What it is.
    public let step: StepInfo
    /// Images of a run.
    public let batch: Int
    /// The median of its times, for a batch.
    public let milliseconds: Double

    /// Floating-point operations a second, in 10^9, of the textbook's algorithm: one that needs fewer,
    /// such as Winograd's, can pass the machine's peak.
    public var gflops: Double { 2 * Double(step.macs * batch) / milliseconds / 1e6 }
    /// Bytes of weights and activations a second, in 10^9, each counted once.
    public var gigabytesPerSecond: Double {
      Double(step.weightBytes + step.activationBytes * batch) / milliseconds / 1e6
    }
  }

  /// What was run.
  public let options: Options
  /// Times of a batch in ms from float input to probabilities, in ascending order.
  public let milliseconds: [Double]
  /// Each layer, in the plan's order; empty unless asked for.
  public let layers: [Layer]
  private let macs: Int

  /// The least time of a batch.
  public var minimum: Double { milliseconds.first ?? 0 }
  /// The median time of a batch.
  public var median: Double { milliseconds.median }
  /// Images a second at the median.
  public var imagesPerSecond: Double { Double(options.batch) / median * 1000 }
  /// Floating-point operations a second at the median, in 10^9, of the textbook's algorithms.
  public var gflops: Double { 2 * Double(macs * options.batch) / median / 1e6 }

  /// Runs a plan after a warm-up.
  ///
  /// - Parameters:
  ///   - plan: What to run.
  ///   - options: How.
  /// - Returns: The times.
  /// - Throws: `InferenceError` where a count is out of range or memory is refused.
  public static func run(_ plan: Plan, options: Options) throws -> Benchmark {
    let bench = try Bench(plan, options)
    try bench.warmUp()
    let times = try bench.repeated { try bench.run() }
    let layers = options.layers ? try bench.layers() : []
    return Benchmark(
      options: options, milliseconds: times.sorted(), layers: layers,
      macs: plan.steps.reduce(0) { $0 + $1.macs })
  }
}

/// The memory of the runs.
private final class Bench {
  private let plan: Plan
  private let options: Benchmark.Options
  private let context: ExecutionContext
  private let input: AlignedFloats
  private let logits: AlignedFloats

  init(_ plan: Plan, _ options: Benchmark.Options) throws {
    self.plan = plan
    self.options = options
    context = try ExecutionContext(
      plan: plan, maximumBatch: options.batch, threads: options.threads)
    input = try AlignedFloats(uninitialized: options.batch * plan.network.input.elementCount)
    logits = try AlignedFloats(uninitialized: options.batch * plan.network.classCount)
    // Noise from 0 to 1, by D. Knuth's MMIX: no value repeats and none is denormal.
    var state = UInt64(1)
    for index in 0..<input.count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      input.address[index] = Float(state >> 40) / Float(1 << 24)
    }
  }

  /// Until caches, threads and clocks have settled.
  func warmUp() throws {
    let start = ContinuousClock.now
    repeat { try run() } while (ContinuousClock.now - start).milliseconds < 300
  }

  /// The times in ms of as many runs as asked for.
  func repeated(_ body: () throws -> Void) throws -> [Double] {
    let start = ContinuousClock.now
    var times: [Double] = []
    while times.count < options.runs ?? 5
      || (options.runs == nil && (ContinuousClock.now - start).milliseconds < 2000)
    {
      times.append(try ContinuousClock().measure(body).milliseconds)
    }
    return times
  }

  func run(observer: ((Int, Duration) -> Void)? = nil) throws {
    let classes = plan.network.classCount
    let scores = UnsafeMutableBufferPointer(start: logits.address, count: logits.count)
    try context.run(
      input: UnsafeBufferPointer(start: input.address, count: input.count), count: options.batch,
      into: scores, observer: observer)
    for image in 0..<options.batch {
      let row = scores[image * classes..<(image + 1) * classes]
      precondition(Softmax.probabilities(row).count == classes)
    }
  }

  func layers() throws -> [Benchmark.Layer] {
    var times = [[Double]](repeating: [], count: plan.steps.count)
    _ = try repeated { try run { step, time in times[step].append(time.milliseconds) } }
    return zip(plan.steps, times).map { step, times in
      Benchmark.Layer(step: step, batch: options.batch, milliseconds: times.sorted().median)
    }
  }
}

extension [Double] {
  /// The middle of ascending numbers, the mean of the two middle ones of an even count; 0 of none.
  fileprivate var median: Double {
    guard !isEmpty else { return 0 }
    return (self[(count - 1) / 2] + self[count / 2]) / 2
  }
}
