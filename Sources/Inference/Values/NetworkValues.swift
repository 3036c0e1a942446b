internal import Hardware
public import Networks
public import Tensors

/// Runs a network in fp32 and lends values of its nodes, which a plan that is made for speed fuses
/// away or overwrites: one run gives all that are named.
///
/// ```swift
/// let values = try NetworkValues(
///   of: ["conv1"], in: checkpoint.network, weights: checkpoint.weights, batch: 8)
/// let count = min(8, values.maximumBatch)
/// let greatest = try values.run(input, count: count) { lent in
///   (0..<count).map { image in lent["conv1", image].max() ?? 0 }
/// }
/// ```
public final class NetworkValues {
  /// The values of one run, valid while they are lent.
  ///
  /// ```swift
  /// let sum = try values.run(input, count: 1) { lent in
  ///   lent["conv1", 0].reduce(0, +)
  /// }
  /// ```
  public struct Lent {
    fileprivate let network: Network
    fileprivate let kept: [String: Location]
    fileprivate let count: Int
    /// Where each space begins.
    fileprivate let input, output, arena: UnsafeRawPointer

    /// A value of an image.
    ///
    /// - Parameters:
    ///   - name: One of the names asked for, or `Network.inputName`.
    ///   - image: From 0 to the run's images, exclusive.
    /// - Returns: The elements, row-major, in the shape that the network gives the name; none of
    ///   another name.
    public subscript(name: String, image: Int) -> UnsafeBufferPointer<Float> {
      guard (0..<count).contains(image) else { return UnsafeBufferPointer(start: nil, count: 0) }
      let isInput = name == Network.inputName
      guard let place = isInput ? Location.input(of: network.input) : kept[name] else {
        return UnsafeBufferPointer(start: nil, count: 0)
      }
      let space =
        switch place.space {
        case .input: input
        case .output: output
        case .arena: arena
        }
      let address = (space + place.offset(image: image)).assumingMemoryBound(to: Float.self)
      return UnsafeBufferPointer(start: address, count: network.shape(of: name).elementCount)
    }
  }

  /// The most images of one run.
  public var maximumBatch: Int { context.maximumBatch }
  /// Threads of a run.
  package var threads: Int { context.threads }
  private let context: ExecutionContext
  private var logits: [Float]

  /// Bytes of activations of all images of a run.
  private static let limit = 256 << 20

  /// Compiles.
  ///
  /// - Parameters:
  ///   - names: Names of nodes.
  ///   - network: The network.
  ///   - weights: Its tensors; int8 ones are taken for the floats that they stand for.
  ///   - isa: An instruction set, or nil for the best available.
  ///   - threads: Threads of a run, all cores if nil.
  ///   - batch: The images of a run that are wanted; fewer where they would need much memory.
  /// - Throws: `NetworkError.unknownOutput` where there is no such node, or `InferenceError`.
  public init(
    of names: [String], in network: Network, weights: Weights, isa: ISA? = nil,
    threads: Int? = nil, batch: Int = 1
  ) throws {
    for name in names where name != Network.inputName && network.node(named: name) == nil {
      throw NetworkError.unknownOutput(name)
    }
    let threads = threads ?? availableCores
    let plan = try Plan(
      network: network, weights: weights.inFloat32, isa: isa, threads: threads, batch: batch,
      expectedRuns: batch > 1 ? 10 : 1, convolutions: nil,
      keeping: Set(names).subtracting([Network.inputName]))
    context = try ExecutionContext(
      plan: plan, maximumBatch: max(1, min(batch, Self.limit / max(plan.arena.stride, 1))),
      threads: threads)
    logits = Array(repeating: 0, count: context.maximumBatch * network.classCount)
  }

  /// Runs, and lends what was computed.
  ///
  /// - Parameters:
  ///   - input: Images `[C, H, W]`, one after another.
  ///   - count: The number of images, at most `maximumBatch`.
  ///   - body: Called with the values.
  /// - Returns: What `body` returns.
  /// - Throws: `InferenceError` where the buffer does not hold `count` images, or what `body` throws.
  public func run<Result>(
    _ input: UnsafeBufferPointer<Float>, count: Int, _ body: (Lent) throws -> Result
  ) throws -> Result {
    try logits.withUnsafeMutableBufferPointer { logits in
      try context.run(input: input, count: count, into: logits)
      guard let images = input.baseAddress, let output = logits.baseAddress else {
        throw InferenceError.bufferTooSmall(what: "the input", needed: 1, found: 0)
      }
      return try body(
        Lent(
          network: context.plan.network, kept: context.plan.kept, count: count, input: images,
          output: UnsafeRawPointer(output), arena: UnsafeRawPointer(context.arena.address)))
    }
  }
}
