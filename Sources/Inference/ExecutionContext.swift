import Tensors

/// The memory of one run at a time of a plan: arena and scratch, made once.
///
/// Not for two threads at once; each makes its own, all may share the plan.
///
/// ```swift
/// let context = try ExecutionContext(plan: plan, maximumBatch: 32, threads: 4)
/// let logits = try context.run(pixels, count: 32)  // 32 images, then 32 rows of scores
/// ```
///
/// Without arrays, where memory is the caller's own:
///
/// ```swift
/// try context.run(input: input, count: 32, into: output)
/// ```
public final class ExecutionContext {
  /// The largest number of threads and of images.
  package static let limits = (threads: 1...1024, batch: 1...65_536)

  /// What runs.
  package let plan: Plan
  /// The most images of one run.
  package let maximumBatch: Int
  /// Threads of a run, the caller's among them.
  package let threads: Int
  let arena: AlignedFloats
  private let scratch: AlignedFloats
  private let shared: AlignedFloats

  /// Memory for runs of up to `maximumBatch` images on `threads` threads.
  ///
  /// - Parameters:
  ///   - plan: What to run.
  ///   - maximumBatch: The most images of one run.
  ///   - threads: Threads of a run.
  /// - Throws: `InferenceError` where a count is out of range or memory is refused.
  public init(plan: Plan, maximumBatch: Int = 1, threads: Int = 1) throws {
    guard Self.limits.threads.contains(threads) else {
      throw InferenceError.invalidCount(
        what: "threads", found: threads, allowed: Self.limits.threads)
    }
    guard Self.limits.batch.contains(maximumBatch) else {
      throw InferenceError.invalidCount(
        what: "batch size", found: maximumBatch, allowed: Self.limits.batch)
    }
    self.plan = plan
    self.maximumBatch = maximumBatch
    self.threads = threads
    // A kernel of bytes may read, and multiply by zero, a cache line past the last value.
    let bytes = plan.arena.stride * maximumBatch + ArenaPlan.line
    arena = try AlignedFloats(uninitialized: bytes / MemoryLayout<Float>.stride)
    scratch = try AlignedFloats(uninitialized: plan.scratchStride * threads)
    let shared = plan.program.map { $0.sharedCount(images: maximumBatch, threads: threads) }.max()
    self.shared = try AlignedFloats(uninitialized: shared ?? 0)
  }

  /// Runs the network.
  ///
  /// An image's logits have the same bits in every run, for any number of threads and any batch that
  /// the image is in.
  ///
  /// - Parameters:
  ///   - input: `count` images `[C, H, W]`.
  ///   - count: The number of images, at most `maximumBatch`.
  ///   - logits: Where `count` rows of `network.classCount` scores go.
  /// - Throws: `InferenceError` where the buffers do not hold `count` images.
  public func run(
    input: UnsafeBufferPointer<Float>, count: Int, into logits: UnsafeMutableBufferPointer<Float>
  ) throws {
    try run(input: input, count: count, into: logits, observer: nil)
  }

  /// Runs the network, and measures its steps where somebody observes them.
  ///
  /// - Parameters:
  ///   - input: `count` images `[C, H, W]`.
  ///   - count: The number of images, at most `maximumBatch`.
  ///   - logits: Where `count` rows of `network.classCount` scores go.
  ///   - observer: Called at the end for each step with its index in `plan.steps` and the time it took
  ///     for all images.
  /// - Throws: `InferenceError` where the buffers do not hold `count` images.
  package func run(
    input: UnsafeBufferPointer<Float>, count: Int, into logits: UnsafeMutableBufferPointer<Float>,
    observer: ((_ step: Int, _ time: Duration) -> Void)?
  ) throws {
    let addresses = try addresses(input, count, logits)
    var times = [Duration](repeating: .zero, count: observer == nil ? 0 : plan.program.count)
    ThreadTeam.with(threads: threads) { team in
      let frame = Frame(
        input: addresses.input, output: addresses.output, arena: arena.address,
        scratch: scratch.address, scratchStride: plan.scratchStride, shared: shared.address,
        first: 0, count: count, team: team)
      run(frame, &times)
    }
    for (index, time) in times.enumerated() { observer?(index, time) }
  }

  /// Goes through the program, wave by wave, and adds the time of each step to `times`, if it has any.
  private func run(_ whole: Frame, _ times: inout [Duration]) {
    var frame = whole
    let clock = ContinuousClock()
    for wave in plan.waves {
      let images = max(wave.images, (threads + 1) / 2)
      for first in stride(from: 0, to: whole.count, by: images) {
        (frame.first, frame.count) = (first, min(images, whole.count - first))
        for index in wave.steps {
          let start = times.isEmpty ? nil : clock.now
          plan.program[index].run(frame)
          if let start { times[index] += clock.now - start }
        }
      }
    }
  }

  /// The logits of images in an array.
  ///
  /// - Parameters:
  ///   - input: Images `[C, H, W]`, one after another.
  ///   - count: The number of images, at most `maximumBatch`.
  /// - Returns: `count` rows of `network.classCount` scores.
  /// - Throws: `InferenceError` where the array does not hold `count` images.
  public func run(_ input: [Float], count: Int = 1) throws -> [Float] {
    var logits = [Float](repeating: 0, count: max(count, 0) * plan.network.classCount)
    try input.withUnsafeBufferPointer { input in
      try logits.withUnsafeMutableBufferPointer { try run(input: input, count: count, into: $0) }
    }
    return logits
  }

  private func addresses(
    _ input: UnsafeBufferPointer<Float>, _ count: Int, _ logits: UnsafeMutableBufferPointer<Float>
  ) throws -> (input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>) {
    guard (1...maximumBatch).contains(count) else {
      throw InferenceError.invalidCount(
        what: "number of images", found: count, allowed: 1...maximumBatch)
    }
    let needed = count * plan.network.input.elementCount
    guard let from = input.baseAddress, input.count >= needed else {
      throw InferenceError.bufferTooSmall(what: "the input", needed: needed, found: input.count)
    }
    let scores = count * plan.network.classCount
    guard let to = logits.baseAddress, logits.count >= scores else {
      throw InferenceError.bufferTooSmall(what: "the logits", needed: scores, found: logits.count)
    }
    return (from, to)
  }
}
