internal import COneDNN
internal import Networks
internal import Tensors

/// One parameter while it is trained: its value in the layout that the forward pass wants, and its
/// gradient in the same layout, so that the optimiser is element-wise over both.
final class ParameterState {
  let parameter: Parameter
  /// Whether the optimiser changes it: running statistics change by themselves.
  var isTrained: Bool { parameter.role.isTrainable && !isFrozen }
  /// Whether it keeps its value.
  let isFrozen: Bool
  private(set) var value: Memory
  /// The value in bfloat16, in the value's order, where a pass reads it so.
  private(set) var roundedMemory: Memory?
  private var gradientMemory: Memory?
  private var isPlaced = false
  /// The layers' view of the shape: `[G, O/G, …]` for grouped filters, `[O, C, H, W]` after
  /// Flatten in fp32.
  private var plain: Layout

  init(
    _ parameter: Parameter, _ initial: Tensor, isFrozen: Bool, _ engine: Engine
  ) throws {
    self.parameter = parameter
    self.isFrozen = isFrozen
    plain = try Layout.plain(parameter.shape)
    value = try Memory(plain, engine)
    initial.withFloats { source in _ = value.floats.update(fromContentsOf: source) }
  }

  /// Moves the value into the layout of its first user; later users get copies where they differ.
  func adopt(_ layout: Layout, _ engine: Engine) throws {
    guard !isPlaced else { return }
    isPlaced = true
    plain = try Layout.plain(layout.extents)
    let source = try Memory(plain, engine, buffer: value.buffer)
    guard layout != plain else {
      value = source
      return
    }
    let placed = try Memory(layout, engine)
    try reorder(source, placed, engine)
    value = placed
  }

  /// The value in bfloat16; whoever changes the value refreshes it.
  func rounded(_ engine: Engine) throws -> Memory {
    if let roundedMemory { return roundedMemory }
    let memory = try Memory(value.layout.of(.bfloat16), engine)
    roundedMemory = memory
    refreshRounded()
    return memory
  }

  /// Rounds the value anew, where a bfloat16 copy exists.
  func refreshRounded() {
    guard let halves = roundedMemory?.halves else { return }
    let floats = value.floats
    parallelFor(floats.count) { range in BFloat16.round(floats, range, into: halves) }
  }

  /// The gradient, in the value's layout.
  func gradient(_ engine: Engine) throws -> Memory {
    if let gradientMemory { return gradientMemory }
    let memory = try Memory(value.layout, engine)
    gradientMemory = memory
    return memory
  }

  /// The gradient, if a backward pass was built.
  var builtGradient: Memory? { gradientMemory }

  /// Where a backward pass writes the gradient: the gradient itself, or a temporary in another
  /// layout that `finishGradient` brings home.
  func gradientTarget(_ layout: Layout, _ graph: GraphBuilder) throws -> Memory {
    let own = try gradient(graph.engine)
    return layout == own.layout ? own : try graph.memory(layout)
  }

  func finishGradient(_ target: Memory, _ graph: GraphBuilder, node: String) throws {
    let own = try gradient(graph.engine)
    guard target !== own else { return }
    try graph.reorder(target, into: own, node: node)
    graph.release(target)
  }

  /// A row-major copy of a memory in the value's layout: the value, gradient or optimiser state.
  func tensor(_ memory: Memory, _ engine: Engine) throws -> Tensor {
    let copy = try Memory(plain, engine)
    try reorder(memory, copy, engine)
    return Tensor(shape: parameter.shape, Array(copy.floats))
  }

  /// Fills a memory in the value's layout from a row-major tensor.
  func load(_ tensor: Tensor, into memory: Memory, _ engine: Engine) throws {
    let source = try Memory(plain, engine)
    tensor.withFloats { floats in _ = source.floats.update(fromContentsOf: floats) }
    try reorder(source, memory, engine)
  }

  private func reorder(_ source: Memory, _ target: Memory, _ engine: Engine) throws {
    var from = source.layout.descriptor
    var to = target.layout.descriptor
    let descriptor = try PrimitiveDescriptor(node: parameter.key, "reorder") {
      cnn_reorder(&$0, engine.handle, engine.attributes, &from, &to)
    }
    let primitive = try Primitive(
      descriptor, node: parameter.key, scratchpad: try Scratchpad(engine),
      [(DNNL_ARG_FROM, source), (DNNL_ARG_TO, target)])
    try primitive.run(engine)
    try check(dnnl_stream_wait(engine.stream), "dnnl_stream_wait")
  }
}

/// All parameters of a network, shared by its graphs of different batch sizes and modes.
final class ParameterStore {
  /// In the order of the network's parameters.
  let states: [ParameterState]
  private let index: [String: ParameterState]

  init(
    _ network: Network, _ weights: Weights, _ engine: Engine, isFrozen: (Parameter) -> Bool
  ) throws {
    states = try network.parameters.map { parameter in
      guard let tensor = weights[parameter], tensor.shape == parameter.shape else {
        throw TrainingError.missingTensor(name: parameter.key)
      }
      return try ParameterState(parameter, tensor, isFrozen: isFrozen(parameter), engine)
    }
    index = Dictionary(uniqueKeysWithValues: states.map { ($0.parameter.key, $0) })
  }

  func state(_ node: String, _ role: Parameter.Role) throws -> ParameterState {
    guard let state = index["\(node).\(role.rawValue)"] else {
      throw TrainingError.missingTensor(name: "\(node).\(role.rawValue)")
    }
    return state
  }

  /// A row-major copy of every parameter.
  func weights(_ engine: Engine) throws -> Weights {
    var weights = Weights()
    for state in states { weights[state.parameter] = try state.tensor(state.value, engine) }
    return weights
  }
}
