import CommandSupport
import Images
import Inference

/// Classifies one image after another with memory that is made once.
struct ImageClassifier {
  private let model: Model
  private let preparation: PreprocessingPlan
  private let context: ExecutionContext
  private let limits: ImageLimits
  private var input: [Float]
  private var logits: [Float]

  init(model: Model, isInverted: Bool, limits: ImageLimits) throws {
    self.model = model
    self.limits = limits
    var preprocessing = model.checkpoint.preprocessing
    if isInverted { preprocessing.invert.toggle() }
    preparation = try PreprocessingPlan(preprocessing)
    context = try ExecutionContext(plan: model.plan, threads: model.threads)
    input = Array(repeating: 0, count: preprocessing.shape.elementCount)
    logits = Array(repeating: 0, count: model.checkpoint.network.classCount)
  }

  /// Classifies the PNG of a path, or of standard input for `-`.
  mutating func classify(_ path: String) throws -> Classification {
    let start = ContinuousClock.now
    let image =
      path == ImageFiles.standardInput
      ? try Image(pngDescriptor: 0, limits: limits) : try Image(pngFile: path, limits: limits)
    input.withUnsafeMutableBufferPointer { preparation.apply(to: image, into: $0) }
    try input.withUnsafeBufferPointer { input in
      try logits.withUnsafeMutableBufferPointer {
        try context.run(input: input, count: 1, into: $0)
      }
    }
    let probabilities = Softmax.probabilities(logits)
    return Classification(
      image: path, logits: logits, probabilities: probabilities,
      milliseconds: (ContinuousClock.now - start).inSeconds * 1000, label: model.checkpoint.label)
  }
}
