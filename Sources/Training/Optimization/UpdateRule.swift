#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// One parameter's update in one step.
enum UpdateRule {
  case descent(DescentUpdate)
  case momentum(MomentumUpdate)
  case adam(AdamUpdate)

  typealias Floats = UnsafeMutableBufferPointer<Float>

  func apply(to weights: Floats, _ gradient: Floats, _ range: Range<Int>) {
    switch self {
    case .descent(let update): update.apply(to: weights, gradient, range)
    case .momentum(let update): update.apply(to: weights, gradient, range)
    case .adam(let update): update.apply(to: weights, gradient, range)
    }
  }
}

/// `w ← w − η (s g + λ w)`.
struct DescentUpdate {
  let rate: Float
  let decay: Float
  /// Of gradient clipping.
  let scale: Float

  func apply(
    to weights: UpdateRule.Floats, _ gradient: UpdateRule.Floats, _ range: Range<Int>
  ) {
    for index in range {
      weights[index] -= rate * (gradient[index] * scale + decay * weights[index])
    }
  }
}

/// Polyak's momentum, and Nesterov's as PyTorch has it.
struct MomentumUpdate {
  let descent: DescentUpdate
  let velocity: UpdateRule.Floats
  let mu: Float
  let isNesterov: Bool

  func apply(
    to weights: UpdateRule.Floats, _ gradient: UpdateRule.Floats, _ range: Range<Int>
  ) {
    let (rate, decay, scale) = (descent.rate, descent.decay, descent.scale)
    for index in range {
      let slope = gradient[index] * scale + decay * weights[index]
      let speed = mu * velocity[index] + slope
      velocity[index] = speed
      weights[index] -= rate * (isNesterov ? slope + mu * speed : speed)
    }
  }
}

/// Adam (Kingma & Ba 2015, algorithm 1) and AdamW (Loshchilov & Hutter 2019, algorithm 2).
struct AdamUpdate {
  let first: UpdateRule.Floats
  let second: UpdateRule.Floats
  let scale: Float
  let rate: Float
  let correction: Float
  /// Weight decay that is added to the gradient.
  let coupled: Float
  /// What decoupled weight decay leaves of a weight.
  let shrink: Float

  init(
    first: UpdateRule.Floats, second: UpdateRule.Floats, _ recipe: Recipe, learningRate: Double,
    scale: Float, step: Int
  ) {
    self.first = first
    self.second = second
    self.scale = scale
    rate = Float(learningRate / (1 - pow(0.9, Double(step))))
    correction = Float(1 / (1 - pow(0.999, Double(step))).squareRoot())
    let isDecoupled = recipe.optimizer == .adamw
    coupled = isDecoupled ? 0 : Float(recipe.weightDecay)
    shrink = isDecoupled ? Float(1 - learningRate * recipe.weightDecay) : 1
  }

  func apply(
    to weights: UpdateRule.Floats, _ gradient: UpdateRule.Floats, _ range: Range<Int>
  ) {
    let (beta1, beta2) = (Float(0.9), Float(0.999))
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
