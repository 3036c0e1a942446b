public import Checkpoints
internal import Hardware
public import Images
public import Networks
import Tensors

/// One class that an image may be of.
///
/// ```swift
/// let best = try classifier.classify("ankle-boot.png", topK: 1)[0]
/// print(best.index, best.label, best.probability, best.logit)
/// ```
public struct Prediction: Sendable, Hashable, Codable {
  /// The class's name, or its index where it has none.
  public let label: String
  /// The class's index.
  public let index: Int
  /// Its share of all classes' exponentials, from 0 to 1.
  public let probability: Float
  /// Its score.
  public let logit: Float
}

/// Classifies images with a trained network.
///
/// ```swift
/// let classifier = try Classifier(checkpoint: "alexnet.h5")
/// for prediction in try classifier.classify("ankle-boot.png", topK: 3) {
///   print(prediction.label, prediction.probability)
/// }
/// ```
///
/// Memory for one image is made once. Not for two threads at once: each makes a `Classifier` of one
/// `plan`, which all share:
///
/// ```swift
/// let checkpoint = try Checkpoint(contentsOf: "alexnet.h5")
/// let first = try Classifier(checkpoint, options: Classifier.Options(threads: 1))
/// let second = try Classifier(
///   plan: first.plan, preprocessing: first.preprocessing, labels: first.labels,
///   options: Classifier.Options(threads: 1))
/// let logits = try second.logits(of: Image(pngFile: "ankle-boot.png"))
/// ```
public final class Classifier {
  /// What a user may choose.
  ///
  /// ```swift
  /// var options = Classifier.Options(threads: 2)
  /// options.limits = ImageLimits(maxPixels: 1_000_000)
  /// options.invert = true
  /// options.isa = .scalar
  /// options.expectedImages = 1
  /// ```
  public struct Options: Sendable, Hashable {
    /// Threads for each image; nil for the cores that this process may use.
    public var threads: Int?
    /// What is refused before memory is allocated for a PNG's pixels.
    public var limits: ImageLimits
    /// Whether images are of the opposite polarity to those that the network knows: dark on white for
    /// Fashion-MNIST's white on black.
    public var invert: Bool
    /// The instruction set; nil for the best available.
    public var isa: ISA?
    /// About how many images there will be: for few, weights are not transformed first.
    public var expectedImages: Int

    /// Options; without arguments all cores, the usual limits, no inversion and many images.
    public init(
      threads: Int? = nil, limits: ImageLimits = ImageLimits(), invert: Bool = false,
      isa: ISA? = nil, expectedImages: Int = 1000
    ) {
      self.threads = threads
      self.limits = limits
      self.invert = invert
      self.isa = isa
      self.expectedImages = expectedImages
    }
  }

  /// The compiled network, which other classifiers and contexts may share.
  public let plan: Plan
  /// The classes' names by index; fewer than the classes where some have none.
  public let labels: [String]
  /// How an image becomes the network's input, the option to invert included.
  public let preprocessing: Preprocessing
  private let limits: ImageLimits
  private let preparation: PreprocessingPlan
  private let context: ExecutionContext
  private let input: AlignedFloats

  /// Reads a checkpoint's file.
  ///
  /// - Parameters:
  ///   - path: A checkpoint, which runs in its own precision.
  ///   - options: What the user chose.
  /// - Throws: `CheckpointError`, `InferenceError` or `ImageError`.
  public convenience init(checkpoint path: String, options: Options = Options()) throws {
    try self.init(
      Checkpoint(contentsOf: path, threads: options.threads ?? availableCores), options: options)
  }

  /// Compiles a checkpoint.
  ///
  /// - Parameters:
  ///   - checkpoint: A checkpoint, which runs in its own precision; its optimiser's tensors are not kept.
  ///   - options: What the user chose.
  /// - Throws: `InferenceError` or `ImageError`.
  public convenience init(_ checkpoint: Checkpoint, options: Options = Options()) throws {
    let plan = try Plan(
      network: checkpoint.network, weights: checkpoint.weights,
      quantization: checkpoint.quantization, isa: options.isa, threads: options.threads,
      expectedRuns: options.expectedImages)
    try self.init(
      plan: plan, preprocessing: checkpoint.preprocessing, labels: checkpoint.labels,
      options: options)
  }

  /// Uses a plan that others may use too.
  ///
  /// - Parameters:
  ///   - plan: The compiled network.
  ///   - preprocessing: How an image becomes its input.
  ///   - labels: The classes' names.
  ///   - options: What the user chose; the plan's instruction set stays.
  /// - Throws: `InferenceError` or `ImageError`.
  public init(
    plan: Plan, preprocessing: Preprocessing, labels: [String], options: Options = Options()
  ) throws {
    guard preprocessing.shape == plan.network.input else {
      throw InferenceError.wrongPreprocessing(
        prepared: preprocessing.shape, input: plan.network.input)
    }
    var preprocessing = preprocessing
    preprocessing.invert = preprocessing.invert != options.invert
    self.plan = plan
    self.labels = labels
    self.preprocessing = preprocessing
    limits = options.limits
    preparation = try PreprocessingPlan(preprocessing)
    context = try ExecutionContext(plan: plan, threads: options.threads ?? availableCores)
    input = try AlignedFloats(uninitialized: plan.network.input.elementCount)
  }

  /// Classifies a PNG file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - topK: How many classes, all if there are fewer.
  /// - Returns: The likeliest classes, the likeliest first; equal ones by index.
  /// - Throws: `ImageError` where the file cannot be decoded.
  public func classify(_ path: String, topK: Int = 5) throws -> [Prediction] {
    try classify(Image(pngFile: path, limits: limits), topK: topK)
  }

  /// Classifies an image.
  ///
  /// - Parameters:
  ///   - image: Of any size and colour.
  ///   - topK: How many classes, all if there are fewer.
  /// - Returns: The likeliest classes, the likeliest first; equal ones by index.
  /// - Throws: `InferenceError`, never for a classifier that was made.
  public func classify(_ image: Image, topK: Int = 5) throws -> [Prediction] {
    let logits = try logits(of: image)
    let probabilities = Softmax.probabilities(logits)
    return Softmax.top(logits, count: topK).map { index in
      Prediction(
        label: Checkpoint.label(index, of: labels), index: index,
        probability: probabilities[index], logit: logits[index])
    }
  }

  /// The class scores of an image.
  ///
  /// - Parameter image: Of any size and colour.
  /// - Returns: A score for each class.
  /// - Throws: `InferenceError`, never for a classifier that was made.
  public func logits(of image: Image) throws -> [Float] {
    let pixels = UnsafeMutableBufferPointer(start: input.address, count: input.count)
    preparation.apply(to: image, into: pixels)
    var logits = [Float](repeating: 0, count: plan.network.classCount)
    try logits.withUnsafeMutableBufferPointer {
      try context.run(input: UnsafeBufferPointer(pixels), count: 1, into: $0)
    }
    return logits
  }
}
