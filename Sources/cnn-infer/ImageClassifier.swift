import CommandSupport
import Images
import Inference

extension Classifier {
  /// A classifier of a model's plan.
  convenience init(_ model: Model, options: Options) throws {
    try self.init(
      plan: model.plan, preprocessing: model.checkpoint.preprocessing,
      labels: model.checkpoint.labels, options: options)
  }

  /// Classifies the PNG of a path, or of standard input for `-`.
  func classification(of path: String, topK: Int, limits: ImageLimits) throws -> Classification {
    let start = ContinuousClock.now
    let image = try Image.reading(path, limits: limits)
    let predictions = try classify(image, topK: topK)
    return Classification(
      image: path, predictions: predictions,
      milliseconds: (ContinuousClock.now - start).inSeconds * 1000)
  }
}
