import Tensors

/// The memory of a benchmark's runs, which may be spread over time.
package final class BenchmarkSession {
  let plan: Plan
  let options: Benchmark.Options
  private let context: ExecutionContext
  private let input: AlignedFloats
  private let scores: AlignedFloats

  /// Memory for the runs, and input.
  ///
  /// - Parameters:
  ///   - plan: What to run.
  ///   - options: How.
  ///   - images: `batch` images `[C, H, W]`; noise if nil.
  /// - Throws: `InferenceError` where a count is out of range or memory is refused.
  package init(_ plan: Plan, _ options: Benchmark.Options, images: [Float]? = nil) throws {
    self.plan = plan
    self.options = options
    context = try ExecutionContext(
      plan: plan, maximumBatch: options.batch, threads: options.threads)
    let count = options.batch * plan.network.input.elementCount
    input = try images.map(AlignedFloats.init) ?? Self.noise(count)
    guard input.count == count else {
      throw InferenceError.bufferTooSmall(what: "the input", needed: count, found: input.count)
    }
    scores = try AlignedFloats(uninitialized: options.batch * plan.network.classCount)
  }

  /// From 0 to 1, by D. Knuth's MMIX generator.
  private static func noise(_ count: Int) throws -> AlignedFloats {
    let values = try AlignedFloats(uninitialized: count)
    var state = UInt64(1)
    for index in 0..<count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      values.address[index] = Float(state >> 40) / Float(1 << 24)
    }
    return values
  }

  /// The scores of the last run, a row an image.
  package var logits: [Float] {
    Array(UnsafeBufferPointer(start: scores.address, count: scores.count))
  }

  /// Runs until caches, threads and clocks have settled.
  package func warmUp() throws {
    let start = ContinuousClock.now
    repeat { try run() } while (ContinuousClock.now - start).milliseconds < 300
  }

  /// The times of runs in ms, in their order.
  ///
  /// - Parameter runs: How many; those of the options if nil.
  /// - Returns: From float input to probabilities.
  /// - Throws: Never, once a run went well.
  package func times(runs: Int? = nil) throws -> [Double] {
    try repeated(runs ?? options.runs) { try run() }
  }

  /// The median times of each of the plan's steps.
  func layers() throws -> [Benchmark.Layer] {
    var times = [[Double]](repeating: [], count: plan.steps.count)
    _ = try repeated(options.runs) {
      try run { step, time in times[step].append(time.milliseconds) }
    }
    return zip(plan.steps, times).map { step, times in
      Benchmark.Layer(step: step, batch: options.batch, milliseconds: times.sorted().median)
    }
  }

  /// So many times, or as many as take two seconds, at least five.
  private func repeated(_ runs: Int?, _ body: () throws -> Void) throws -> [Double] {
    let start = ContinuousClock.now
    var times: [Double] = []
    while times.count < runs ?? 5
      || (runs == nil && (ContinuousClock.now - start).milliseconds < 2000)
    {
      times.append(try ContinuousClock().measure(body).milliseconds)
    }
    return times
  }

  private func run(observer: ((Int, Duration) -> Void)? = nil) throws {
    let classes = plan.network.classCount
    let rows = UnsafeMutableBufferPointer(start: scores.address, count: scores.count)
    try context.run(
      input: UnsafeBufferPointer(start: input.address, count: input.count), count: options.batch,
      into: rows, observer: observer)
    for image in 0..<options.batch {
      let row = rows[image * classes..<(image + 1) * classes]
      precondition(Softmax.probabilities(row).count == classes)
    }
  }
}
