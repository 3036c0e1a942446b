import Networks

/// An operation on uint8 values `[pixel][channel]`.
struct Int8Form: LoweredOperation {
  /// The grid of the output; nil for floats.
  let grid: Grid?
  private let makeStep: @Sendable (StepContext) throws -> any Step

  /// - Parameters:
  ///   - grid: The grid of the output; nil for floats.
  ///   - makeStep: Makes the step.
  init(to grid: Grid?, _ makeStep: @escaping @Sendable (StepContext) throws -> any Step) {
    self.grid = grid
    self.makeStep = makeStep
  }

  func step(_ context: StepContext) throws -> any Step { try makeStep(context) }
}

/// The values that an operation of a quantised network reads and writes.
struct Int8Context: Sendable {
  /// The grid of each input.
  let grids: [Grid]
  /// The shape of each input.
  let inputShapes: [TensorShape]
  /// The grid of the output; nil where it stays in floats.
  let output: Grid?
  /// The shape of the output.
  let shape: TensorShape

  /// The grid of the only, or the first, input.
  var input: Grid { grids[0] }
}
