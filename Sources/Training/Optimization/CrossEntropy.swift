#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Softmax cross-entropy over logits.
enum CrossEntropy {
  /// What one batch gave.
  struct Result {
    /// The sum over the images of `−log p(label)`.
    var lossSum: Double = 0
    /// The number of images whose largest logit is the label's; ties go to the lower index.
    var correct = 0
  }

  /// The loss, and its gradient by the logits averaged over the batch: `(p − y) / N`.
  ///
  /// With label smoothing ε the target is `(1 − ε) y + ε / K` (Szegedy et al. 2016, §7).
  ///
  /// - Parameters:
  ///   - logits: `[N, K]`, row-major.
  ///   - labels: `N` classes, each below `K`.
  ///   - smoothing: ε, from 0 up to 1.
  ///   - gradient: `[N, K]`, or nil where it is not wanted.
  /// - Returns: The batch's loss and hits.
  static func evaluate(
    logits: UnsafeMutableBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>,
    smoothing: Double = 0, gradient: UnsafeMutableBufferPointer<Float>?
  ) -> Result {
    let classes = logits.count / labels.count
    var result = Result()
    for (row, label) in labels.enumerated() {
      let scores = UnsafeMutableBufferPointer(rebasing: logits[row * classes..<(row + 1) * classes])
      let target = gradient.map {
        UnsafeMutableBufferPointer(rebasing: $0[row * classes..<(row + 1) * classes])
      }
      result.lossSum += lossOfRow(scores, Int(label), smoothing, labels.count, target)
      if argmax(scores) == Int(label) { result.correct += 1 }
    }
    return result
  }

  private static func lossOfRow(
    _ scores: UnsafeMutableBufferPointer<Float>, _ label: Int, _ smoothing: Double, _ batch: Int,
    _ gradient: UnsafeMutableBufferPointer<Float>?
  ) -> Double {
    let peak = Double(scores.max() ?? 0)
    let logSum = peak + log(scores.reduce(0.0) { $0 + exp(Double($1) - peak) })
    var loss = 0.0
    let rest = smoothing / Double(scores.count)
    for index in scores.indices {
      let logProbability = Double(scores[index]) - logSum
      let target = rest + (index == label ? 1 - smoothing : 0)
      if target > 0 { loss -= target * logProbability }
      gradient?[index] = Float((exp(logProbability) - target) / Double(batch))
    }
    return loss
  }

  static func argmax(_ scores: UnsafeMutableBufferPointer<Float>) -> Int {
    var best = 0
    for index in scores.indices where scores[index] > scores[best] { best = index }
    return best
  }
}
