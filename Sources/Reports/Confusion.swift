/// How often images of a class were classified as another one, or as their own.
package struct Confusion: Sendable, Equatable {
  struct Pair: Hashable, Sendable {
    let label: Int
    let prediction: Int
  }

  /// Only pairs that occur: a matrix of 100,000 classes would not fit.
  private(set) var counts: [Pair: Int] = [:]

  /// No images.
  package init() {}

  /// Adds images.
  ///
  /// - Parameters:
  ///   - label: Their class.
  ///   - prediction: The class that they were given.
  ///   - count: The number of images.
  package mutating func add(label: Int, prediction: Int, count: Int = 1) {
    counts[Pair(label: label, prediction: prediction), default: 0] += count
  }

  /// The number of images.
  package var images: Int { counts.values.reduce(0, +) }

  /// The number of images that were given their own class.
  package var correct: Int {
    counts.reduce(0) { $0 + ($1.key.label == $1.key.prediction ? $1.value : 0) }
  }

  /// The number of images of a class that were given a class.
  func count(_ label: Int, _ prediction: Int) -> Int {
    counts[Pair(label: label, prediction: prediction)] ?? 0
  }

  /// The number of images of each class that occurs.
  var totals: [Int: Int] {
    counts.reduce(into: [:]) { $0[$1.key.label, default: 0] += $1.value }
  }
}
