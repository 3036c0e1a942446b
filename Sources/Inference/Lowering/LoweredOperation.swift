/// What a node of the lowered graph computes, with the nodes fused into it: in floats, and on uint8
/// values where it has such a form. Steps are made once for each plan.
protocol LoweredOperation: Sendable {
  /// Whether the output may overwrite its only input; false unless it says otherwise.
  var mayRunInPlace: Bool { get }
  /// Whether every number of the output is one of the inputs'; false unless it says otherwise.
  var movesValues: Bool { get }
  /// Whether it joins channels: it has no step in floats, since its inputs are computed in place.
  var isConcat: Bool { get }
  /// Whether floats are already as the output has them: only uint8 values need a step.
  var isFreeInFloats: Bool { get }

  /// This operation with a clamp at its end.
  ///
  /// - Parameter clamp: The clamp.
  /// - Returns: The operation; nil where it takes none, which is the default.
  func ending(in clamp: OutputClamp) -> (any LoweredOperation)?

  /// The step that computes it, with its weights packed.
  ///
  /// - Parameter context: The kernels and the memory of inputs and output.
  /// - Returns: The step.
  /// - Throws: `InferenceError.outOfMemory`.
  func step(_ context: StepContext) throws -> any Step

  /// The same on uint8 values.
  ///
  /// - Parameter context: The grids, of which every input has one.
  /// - Returns: The form; nil where it has to run in floats, which is the default.
  func int8Form(_ context: Int8Context) -> Int8Form?
}

extension LoweredOperation {
  var mayRunInPlace: Bool { false }
  var movesValues: Bool { false }
  var isConcat: Bool { false }
  var isFreeInFloats: Bool { false }

  func ending(in clamp: OutputClamp) -> (any LoweredOperation)? { nil }
  func int8Form(_ context: Int8Context) -> Int8Form? { nil }
}

/// The types of lowered operations, each in its operation's file.
enum Lowered {}

/// What a step is made of besides its operation.
struct StepContext {
  /// The instruction set's kernels.
  let kernels: KernelSet
  /// What chooses a convolution's algorithm.
  let costs: ConvolutionCosts
  /// Threads that pack weights.
  let threads: Int
  /// The memory of each input.
  let inputs: [Location]
  /// The memory of the output.
  let output: Location
  /// Elements of the output for one image.
  let elementCount: Int

  /// The memory of the only, or the first, input.
  var input: Location { inputs[0] }
}
