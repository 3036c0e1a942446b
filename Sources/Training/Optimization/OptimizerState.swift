#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The optimiser: its tensors (in the parameters' own layouts), and the update of all parameters,
/// one pass over memory each, parallel over oneDNN's threads.
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
      let weights = state.value.floats
      if let first = slots[.firstMoment], let second = slots[.secondMoment] {
        adam(weights, gradient, first.floats, second.floats, learningRate, scale, step)
      } else {
        sgd(weights, gradient, slots[.momentum]?.floats, learningRate, scale)
      }
    }
  }

  /// What gradients are multiplied by so that their joint norm keeps `clipNorm`.
  private func clipFactor() -> Float {
    guard let limit = recipe.clipNorm else { return 1 }
    var sum = 0.0
    for state in trained {
      guard let gradient = state.builtGradient?.floats else { continue }
      for value in gradient { sum += Double(value) * Double(value) }
    }
    let norm = sum.squareRoot()
    return norm > limit ? Float(limit / (norm + 1e-6)) : 1
  }

  private typealias Floats = UnsafeMutableBufferPointer<Float>

  private func sgd(
    _ weights: Floats, _ gradient: Floats, _ momentum: Floats?, _ learningRate: Double,
    _ scale: Float
  ) {
    let rate = Float(learningRate)
    let decay = Float(recipe.weightDecay)
    let mu = Float(recipe.momentum)
    let isNesterov = recipe.optimizer == .nesterov
    parallelFor(weights.count) { range in
      guard let momentum else {
        for index in range {
          weights[index] -= rate * (gradient[index] * scale + decay * weights[index])
        }
        return
      }
      for index in range {
        let slope = gradient[index] * scale + decay * weights[index]
        let velocity = mu * momentum[index] + slope
        momentum[index] = velocity
        weights[index] -= rate * (isNesterov ? slope + mu * velocity : velocity)
      }
    }
  }

  private func adam(
    _ weights: Floats, _ gradient: Floats, _ first: Floats, _ second: Floats,
    _ learningRate: Double, _ scale: Float, _ step: Int
  ) {
    let (beta1, beta2) = (Float(0.9), Float(0.999))
    let rate = Float(learningRate / (1 - pow(0.9, Double(step))))
    let correction = Float(1 / (1 - pow(0.999, Double(step))).squareRoot())
    let isDecoupled = recipe.optimizer == .adamw
    let coupled = isDecoupled ? 0 : Float(recipe.weightDecay)
    let shrink = isDecoupled ? Float(1 - learningRate * recipe.weightDecay) : 1
    parallelFor(weights.count) { range in
      for index in range {
        let slope = gradient[index] * scale + coupled * weights[index]
        let mean = beta1 * first[index] + (1 - beta1) * slope
        let square = beta2 * second[index] + (1 - beta2) * slope * slope
        first[index] = mean
        second[index] = square
        let denominator = square.squareRoot() * correction + 1e-8
        weights[index] = weights[index] * shrink - rate * mean / denominator
      }
    }
  }
}
