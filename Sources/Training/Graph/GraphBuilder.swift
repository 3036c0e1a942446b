internal import COneDNN
internal import Datasets
internal import Networks

/// One thing that a pass does, in order.
struct TrainingStep {
  let node: String
  let label: String
  let run: () throws -> Void
}

/// What a graph is for.
enum GraphMode {
  /// Forward with batch statistics and dropout, then backward.
  case training
  /// Forward only, with running statistics.
  case inference
}

/// Collects the steps of a graph and hands out its memory.
///
/// Buffers come from a pool with reference counts: a gradient's buffer, and in inference an
/// activation's, is used again once its last reader has been built, which is safe since steps run in
/// the order in which they are built.
final class GraphBuilder {
  let network: Network
  let batch: Int
  let mode: GraphMode
  let precision: Recipe.Precision
  let engine: Engine
  let scratchpad: Scratchpad
  let parameters: ParameterStore
  /// Where random layers read the optimiser step and the seed.
  let clock: Clock
  /// How many nodes read a value; the output counts as read once more.
  let consumerCounts: [String: Int]
  private(set) var forward: [TrainingStep] = []
  private(set) var backward: [TrainingStep] = []
  private(set) var isBackward = false
  private var free: [Buffer] = []
  private var references: [ObjectIdentifier: Int] = [:]

  init(
    network: Network, batch: Int, mode: GraphMode, precision: Recipe.Precision, engine: Engine,
    parameters: ParameterStore, clock: Clock
  ) throws {
    self.network = network
    self.batch = batch
    self.mode = mode
    self.precision = precision
    self.engine = engine
    self.parameters = parameters
    self.clock = clock
    consumerCounts = network.consumerCounts
    scratchpad = try Scratchpad(engine)
  }

  /// Steps emitted from now on belong to the backward pass.
  func beginBackward() { isBackward = true }

  // MARK: Steps

  func emit(_ node: String, _ label: String, _ run: @escaping () throws -> Void) {
    let step = TrainingStep(node: node, label: label, run: run)
    if isBackward { backward.append(step) } else { forward.append(step) }
  }

  func emit(
    _ descriptor: PrimitiveDescriptor, _ node: String, _ label: String,
    _ arguments: [(Int32, Memory)]
  ) throws {
    let primitive = try Primitive(
      descriptor, node: node, scratchpad: scratchpad, arguments)
    let engine = engine
    emit(node, "\(label) \(primitive.implementation)") { try primitive.run(engine) }
  }

  // MARK: Memory

  /// A memory of a layout, from the pool where a buffer fits.
  func memory(_ layout: Layout) throws -> Memory {
    let bytes = layout.byteCount
    let fitting = free.indices.filter { free[$0].byteCount >= bytes }
    let best = fitting.min { free[$0].byteCount < free[$1].byteCount }
    // A buffer far too large is left for what needs it.
    if let best, free[best].byteCount <= max(2 * bytes, 65_536) {
      let buffer = free.remove(at: best)
      references[ObjectIdentifier(buffer)] = 1
      return try Memory(layout, engine, buffer: buffer)
    }
    let memory = try Memory(layout, engine)
    references[ObjectIdentifier(memory.buffer)] = 1
    return memory
  }

  /// One more reader of a buffer.
  func retain(_ memory: Memory, _ count: Int = 1) {
    let key = ObjectIdentifier(memory.buffer)
    precondition(references[key] != nil, "the buffer does not come from this graph")
    references[key, default: 0] += count
  }

  /// One reader less; the last one returns the buffer to the pool.
  func release(_ memory: Memory) {
    let key = ObjectIdentifier(memory.buffer)
    guard let count = references[key] else { return }
    references[key] = count > 1 ? count - 1 : nil
    if count == 1 { free.append(memory.buffer) }
  }

  /// Whether the caller is the buffer's only reader, so that it may be written in place.
  func isSoleReader(of memory: Memory) -> Bool {
    references[ObjectIdentifier(memory.buffer)] == 1
  }

  /// `memory` itself where it has the layout, its buffer under that layout where the elements lie so
  /// already, else a copy.
  func reordered(_ memory: Memory, to layout: Layout, node: String) throws -> Memory {
    guard memory.layout != layout else { return memory }
    if memory.layout.hasOrder(of: layout) {
      return try Memory(layout, engine, buffer: memory.buffer)
    }
    let copy = try self.memory(layout)
    try reorder(memory, into: copy, node: node)
    return copy
  }

  func reorder(_ source: Memory, into target: Memory, node: String) throws {
    var from = source.layout.descriptor
    var to = target.layout.descriptor
    let descriptor = try PrimitiveDescriptor(node: node, "reorder") {
      cnn_reorder(&$0, engine.handle, engine.attributes, &from, &to)
    }
    try emit(descriptor, node, "reorder", [(DNNL_ARG_FROM, source), (DNNL_ARG_TO, target)])
  }

  /// Returns the copies among `memories` to the pool. Those of training's forward pass stay, since
  /// the backward pass reads them.
  func releaseTemporaries(_ memories: [Memory], unless kept: [Memory]) {
    guard mode == .inference || isBackward else { return }
    for memory in memories where !kept.contains(where: { $0.buffer === memory.buffer }) {
      release(memory)
    }
  }

  func consumerCount(of value: String) -> Int { consumerCounts[value] ?? 0 }

  /// Whether the only reader of a node is a ReLU, which the node's layer can then compute itself.
  func feedsOnlyReLU(_ node: Node) -> Bool {
    consumerCount(of: node.name) == 1
      && network.nodes.contains { $0.operation == .relu && $0.inputs == [node.name] }
  }

  /// Whether a layer may overwrite its only input, the value of `source`: nothing else reads the value
  /// or views its buffer, and `source` does not need it in its backward pass.
  func mayOverwrite(_ source: any Layer, inputOf node: Node) -> Bool {
    consumerCount(of: node.inputs[0]) == 1 && isSoleReader(of: source.output)
      && !source.keepsOutput
  }

  /// `[N, C, H, W]` or `[N, F]` of a value.
  func extents(of value: String) -> [Int] {
    [batch] + network.shape(of: value).dimensions
  }
}

extension Network {
  fileprivate var consumerCounts: [String: Int] {
    var counts = [output: 1]
    for node in nodes {
      for input in node.inputs { counts[input, default: 0] += 1 }
    }
    return counts
  }
}

/// The optimiser step and seed, read by layers that draw random numbers.
final class Clock {
  var step = 0
  let seed: UInt64

  init(seed: UInt64) { self.seed = seed }
}
