#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Probabilities of class scores.
///
/// ```swift
/// let probabilities = Softmax.probabilities(logits)
/// for index in Softmax.top(logits, count: 5) { print(index, probabilities[index]) }
/// ```
public enum Softmax {
  /// `exp(zᵢ − max z) / Σ exp(zⱼ − max z)`, which never overflows.
  ///
  /// - Parameter logits: Class scores.
  /// - Returns: Probabilities that sum to 1; NaN where a score is NaN or two are +∞.
  public static func probabilities(_ logits: some Collection<Float>) -> [Float] {
    let greatest = Double(logits.max() ?? 0)
    let powers = logits.map { exp(Double($0) - greatest) }
    let sum = powers.reduce(0, +)
    return powers.map { Float($0 / sum) }
  }

  /// The cross-entropy `log Σ exp(zⱼ) − z[label]`, in natural units.
  ///
  /// - Parameters:
  ///   - logits: Class scores.
  ///   - label: The right class's position.
  /// - Returns: The loss.
  package static func crossEntropy(_ logits: some Collection<Float>, label: Int) -> Double {
    let greatest = Double(logits.max() ?? 0)
    let sum = logits.reduce(0) { $0 + exp(Double($1) - greatest) }
    let index = logits.index(logits.startIndex, offsetBy: label)
    return log(sum) + greatest - Double(logits[index])
  }

  /// The positions of the greatest scores, the greatest first; of equal ones the first first.
  ///
  /// - Parameters:
  ///   - scores: Class scores or probabilities.
  ///   - count: How many positions, all if there are fewer.
  /// - Returns: Positions.
  public static func top(_ scores: [Float], count: Int) -> [Int] {
    // NaN is below all, so that the order is total.
    func key(_ index: Int) -> Float { scores[index].isNaN ? -.infinity : scores[index] }
    let order = scores.indices.sorted { (key($1), $0) < (key($0), $1) }
    return Array(order.prefix(max(count, 0)))
  }
}
