#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What an evaluation finds in the test part: which classes are confused, and the surest errors.
package struct TestFindings: Sendable, Equatable {
  /// An image that was taken for another class.
  package struct Mistake: Sendable, Equatable {
    /// The image's index in the test part.
    package let index: Int
    /// Its class.
    package let label: Int
    /// The class that it was given.
    package let prediction: Int
    /// Of the prediction, by softmax.
    package let probability: Double
    /// Cross-entropy of the label, in nats.
    package let loss: Double
  }

  /// As many mistakes as are kept.
  package static let mistakeLimit = 24

  /// A cell of the confusion matrix.
  package struct Pair: Hashable, Sendable {
    /// The images' class.
    package let label: Int
    /// The class that they were given.
    package let prediction: Int
  }

  /// The number of classes.
  let classes: Int
  /// Images by class and prediction, of the pairs that occur: a matrix of 100,000 classes would not
  /// fit.
  package private(set) var confusion: [Pair: Int] = [:]
  /// The mistakes of the largest losses, the largest first.
  package private(set) var mistakes: [Mistake] = []

  init(classes: Int) { self.classes = classes }

  /// Takes a batch in: logits are `[N, classes]`, row-major.
  mutating func add(logits: UnsafeBufferPointer<Float>, labels: [Int32], indices: [Int]) {
    for (row, (label, index)) in zip(labels, indices).enumerated() {
      let scores = logits[row * classes..<(row + 1) * classes]
      let best = scores.indices.max { scores[$0] < scores[$1] } ?? scores.startIndex
      let prediction = best - scores.startIndex
      confusion[Pair(label: Int(label), prediction: prediction), default: 0] += 1
      guard prediction != Int(label) else { continue }
      let peak = Double(scores[best])
      let sum = scores.reduce(0.0) { $0 + exp(Double($1) - peak) }
      let own = Double(scores[scores.startIndex + Int(label)])
      keep(
        Mistake(
          index: index, label: Int(label), prediction: prediction, probability: 1 / sum,
          loss: log(sum) + peak - own))
    }
  }

  private mutating func keep(_ mistake: Mistake) {
    let place = mistakes.firstIndex { $0.loss < mistake.loss } ?? mistakes.count
    guard place < Self.mistakeLimit else { return }
    mistakes.insert(mistake, at: place)
    if mistakes.count > Self.mistakeLimit { mistakes.removeLast() }
  }
}
