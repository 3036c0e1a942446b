internal import Networks

/// A node of the graph that is being built: its forward steps are emitted by its initialiser.
protocol Layer: AnyObject {
  /// The node's value.
  var output: Memory { get }

  /// Whether the backward pass reads `output`, or `output` is memory of another layer: what reads it
  /// must not overwrite it then. True unless a layer says otherwise.
  var keepsOutput: Bool { get }

  /// Whether `output` is that of the ReLU which alone reads this layer. False unless a layer says
  /// otherwise.
  var endsInReLU: Bool { get }

  /// Emits the backward steps.
  ///
  /// - Parameters:
  ///   - gradient: The loss's gradient by `output`; the caller keeps its reference.
  ///   - needed: For each input, whether its gradient is wanted.
  ///   - graph: The graph that is built.
  /// - Returns: For each input a memory with one reference for the caller, or nil.
  /// - Throws: `TrainingError.oneDNN`.
  func makeBackward(gradient: Memory, needed: [Bool], in graph: GraphBuilder) throws -> [Memory?]
}

extension Layer {
  var keepsOutput: Bool { true }
  var endsInReLU: Bool { false }
}

/// The network's input, which has no gradient.
final class InputLayer: Layer {
  let output: Memory

  init(_ memory: Memory) { output = memory }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] { [] }
}
