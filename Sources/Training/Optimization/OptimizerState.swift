/// The optimiser: its tensors (in the parameters' own layouts), and the update of all parameters,
/// one pass over memory each that also makes the bfloat16 copy, parallel over oneDNN's threads.
final class OptimizerState {
  /// A tensor of the optimiser beside a parameter; the raw value is its name in checkpoints.
  enum Slot: String, CaseIterable {
    case momentum
    case firstMoment = "exp_avg"
    case secondMoment = "exp_avg_sq"
  }

  private let recipe: Recipe
  private let engine: Engine
  private let trained: [ParameterState]
  private(set) var slots: [[Slot: Memory]]

  init(_ recipe: Recipe, _ parameters: ParameterStore, _ engine: Engine) throws {
    self.recipe = recipe
    self.engine = engine
    trained = parameters.states.filter { $0.isTrained && $0.builtGradient != nil }
    let kinds: [Slot] =
      switch recipe.optimizer {
      case .sgd: recipe.momentum > 0 ? [.momentum] : []
      case .nesterov: [.momentum]
      case .adam, .adamw: [.firstMoment, .secondMoment]
      }
    slots = try trained.map { state in
      try Dictionary(
        uniqueKeysWithValues: kinds.map { ($0, try Memory(state.value.layout, engine)) })
    }
  }

  /// Every slot with the parameter it belongs to.
  var entries: [(state: ParameterState, slot: Slot, memory: Memory)] {
    zip(trained, slots).flatMap { state, slots in
      slots.sorted { $0.key.rawValue < $1.key.rawValue }.map { (state, $0.key, $0.value) }
    }
  }

  /// Applies the gradients.
  ///
  /// - Parameters:
  ///   - learningRate: After warm-up and schedule.
  ///   - step: The number of this update, from 1.
  func update(learningRate: Double, step: Int) {
    let scale = clipFactor()
    for (state, slots) in zip(trained, slots) {
      guard let gradient = state.builtGradient?.floats else { continue }
      let rule = rule(slots, learningRate: learningRate, scale: scale, step: step)
      let (weights, rounded) = (state.value.floats, state.roundedMemory?.halves)
      parallelFor(weights.count) { range in
        // In tiles that stay in the first-level cache until they are rounded.
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 2048) {
          let tile = start..<min(start + 2048, range.upperBound)
          rule.apply(to: weights, gradient, tile)
          if let rounded { BFloat16.round(weights, tile, into: rounded) }
        }
      }
    }
  }

  /// What gradients are multiplied by so that their joint norm keeps `clipNorm`.
  private func clipFactor() -> Float {
    guard let limit = recipe.clipNorm else { return 1 }
    let norm = trained.reduce(0.0) { sum, state in
      sum + (state.builtGradient.map { SquareSum.of($0.floats) } ?? 0)
    }.squareRoot()
    return norm > limit ? Float(limit / (norm + 1e-6)) : 1
  }

  private func rule(
    _ slots: [Slot: Memory], learningRate: Double, scale: Float, step: Int
  ) -> UpdateRule {
    if let first = slots[.firstMoment], let second = slots[.secondMoment] {
      return .adam(
        AdamUpdate(
          first: first.floats, second: second.floats, recipe, learningRate: learningRate,
          scale: scale, step: step))
    }
    let descent = DescentUpdate(
      rate: Float(learningRate), decay: Float(recipe.weightDecay), scale: scale)
    guard let momentum = slots[.momentum] else { return .descent(descent) }
    return .momentum(
      MomentumUpdate(
        descent: descent, velocity: momentum.floats, mu: Float(recipe.momentum),
        isNesterov: recipe.optimizer == .nesterov))
  }
}
