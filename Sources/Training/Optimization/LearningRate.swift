#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension Recipe {
  /// The learning rate of a step.
  ///
  /// - Parameters:
  ///   - step: Steps done before this one.
  ///   - stepsPerEpoch: Steps of a whole epoch, positive.
  /// - Returns: The rate after warm-up and schedule.
  public func learningRate(atStep step: Int, stepsPerEpoch: Int) -> Double {
    let epoch = Double(step) / Double(stepsPerEpoch)
    if epoch < warmupEpochs {
      return learningRate * min(1, (Double(step) + 1) / (warmupEpochs * Double(stepsPerEpoch)))
    }
    let span = max(Double(epochs) - warmupEpochs, 1e-9)
    let progress = min(max((epoch - warmupEpochs) / span, 0), 1)
    return learningRate * factor(progress)
  }

  /// The schedule's factor at a share of the run.
  private func factor(_ progress: Double) -> Double {
    switch schedule {
    case .constant: return 1
    case .step: return progress < 0.5 ? 1 : progress < 0.75 ? 0.1 : 0.01
    case .cosine: return 0.5 * (1 + cos(.pi * progress))
    case .oneCycle:
      let rise = 0.3
      // From 1/25 of the rate, as Smith & Topin's implementations start.
      guard progress >= rise else { return 0.04 + 0.96 * progress / rise }
      return 0.5 * (1 + cos(.pi * (progress - rise) / (1 - rise)))
    }
  }
}
