import Tensors

/// How well a plan classifies labelled images.
///
/// ```swift
/// var evaluation = Evaluation(classes: plan.network.classCount)
/// for (image, label) in zip(images, labels) {
///   try evaluation.record(logits: context.run(image), label: label)
/// }
/// print(evaluation.accuracy, evaluation.loss, evaluation.images)
/// print(evaluation.confusion[3][5], "images of class 3 were classified as 5")
/// print(evaluation.agreement(with: ofAnotherPlan))
/// ```
public struct Evaluation: Sendable {
  /// Images seen.
  public private(set) var images = 0
  /// `confusion[label][prediction]`, counts.
  public private(set) var confusion: [[Int]]
  /// The predicted class of each image, in order.
  package private(set) var predictions: [Int] = []
  private var right = 0
  private var lossSum = 0.0

  /// The fraction of images whose greatest score is the label's; 0 of no images.
  public var accuracy: Double { images > 0 ? Double(right) / Double(images) : 0 }
  /// The mean cross-entropy, in natural units; 0 of no images.
  public var loss: Double { images > 0 ? lossSum / Double(images) : 0 }

  /// The share of images that get the same class.
  ///
  /// - Parameter other: An evaluation of the same images, in their order.
  /// - Returns: A fraction of 1; 0 of no images.
  public func agreement(with other: Evaluation) -> Double {
    guard images > 0, other.images == images else { return 0 }
    let same = zip(predictions, other.predictions).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
    return Double(same) / Double(images)
  }

  /// Nothing seen yet.
  ///
  /// - Parameter classes: The network's classes.
  public init(classes: Int) {
    confusion = Array(repeating: Array(repeating: 0, count: classes), count: classes)
  }

  /// Adds one image.
  ///
  /// - Parameters:
  ///   - logits: Its class scores.
  ///   - label: Its class.
  /// - Throws: `InferenceError.labelOutOfRange`.
  public mutating func record(logits: [Float], label: Int) throws {
    guard confusion.indices.contains(label), logits.count == confusion.count else {
      throw InferenceError.labelOutOfRange(label: label, classes: confusion.count)
    }
    let prediction = Softmax.top(logits, count: 1)[0]
    images += 1
    right += prediction == label ? 1 : 0
    lossSum += Softmax.crossEntropy(logits, label: label)
    confusion[label][prediction] += 1
    predictions.append(prediction)
  }

  /// Classifies images in batches.
  ///
  /// - Parameters:
  ///   - plan: What classifies.
  ///   - count: The number of images.
  ///   - batchSize: Images of one run; the result does not depend on it.
  ///   - threads: Threads of a run.
  ///   - progress: Called after each batch with the images done.
  ///   - load: Writes the images of a range, `[C, H, W]` each, and returns their labels.
  /// - Returns: The evaluation.
  /// - Throws: `InferenceError`, or what `load` throws.
  package static func run(
    plan: Plan, count: Int, batchSize: Int = 32, threads: Int = 1,
    progress: ((Int) throws -> Void)? = nil,
    load: (Range<Int>, UnsafeMutableBufferPointer<Float>) throws -> [Int]
  ) throws -> Evaluation {
    let context = try ExecutionContext(
      plan: plan, maximumBatch: max(1, min(batchSize, count)), threads: threads)
    let size = plan.network.input.elementCount, classes = plan.network.classCount
    let input = try AlignedFloats(uninitialized: size * context.maximumBatch)
    var logits = [Float](repeating: 0, count: classes * context.maximumBatch)
    var evaluation = Evaluation(classes: classes)
    for first in stride(from: 0, to: count, by: context.maximumBatch) {
      let range = first..<min(count, first + context.maximumBatch)
      let part = UnsafeMutableBufferPointer(start: input.address, count: size * range.count)
      let labels = try load(range, part)
      try logits.withUnsafeMutableBufferPointer {
        try context.run(input: UnsafeBufferPointer(part), count: range.count, into: $0)
      }
      for (index, label) in zip(0..<range.count, labels) {
        let row = Array(logits[index * classes..<(index + 1) * classes])
        try evaluation.record(logits: row, label: label)
      }
      try progress?(range.upperBound)
    }
    return evaluation
  }
}
