/// What a run was asked to do: stored in its checkpoints as JSON, so that a resumed run needs no
/// other.
public struct RunSettings: Codable, Hashable, Sendable {
  /// How the weights are changed.
  public var recipe = Recipe()
  /// A data set known by name, `fashion-mnist`; nil where `dataDirectory` is given.
  public var dataset: String? = "fashion-mnist"
  /// A folder of images.
  public var dataDirectory: String?
  /// Only the first images of the training file.
  public var limitTrain: Int?
  /// Only the first images of the test file.
  public var limitTest: Int?
  /// The total of optimiser steps, where that ends the run before its epochs do.
  public var maxSteps: Int?
  /// The share of the training images that is held out to tell the best epoch; nil for none.
  public var validationSplit: Double?
  /// Epochs without a better loss of the held-out part after which the run ends; nil for never.
  public var patience: Int?
  /// The number of training images that the run saw; nil before its first step.
  public var trainImages: Int?

  /// The reference experiment.
  public init() {}

  /// Refuses values that cannot be meant.
  ///
  /// - Throws: `TrainingError.invalidRecipe`, naming the setting.
  public func validate() throws {
    try recipe.validate()
    if let validationSplit, !(validationSplit > 0 && validationSplit < 1) {
      throw TrainingError.invalidRecipe(
        setting: .validationSplit, value: "\(validationSplit)", rule: "is above 0 and below 1")
    }
    if let patience, patience < 1 || validationSplit == nil {
      throw TrainingError.invalidRecipe(
        setting: .patience, value: "\(patience)",
        rule: patience < 1 ? "is at least 1" : "needs a share of the images held out for validation"
      )
    }
  }

  /// The settings as a checkpoint's training record holds them.
  ///
  /// - Returns: JSON in one line, its keys sorted.
  /// - Throws: `EncodingError` where a number is not finite.
  public func json() throws -> String { try TrainingRun.json(self) }
}

/// One row of the log: an epoch.
public struct EpochRecord: Codable, Hashable, Sendable {
  /// From 1.
  public var epoch: Int
  /// Mean cross-entropy over the epoch, in training mode.
  public var trainLoss: Double
  /// Share of hits over the epoch, in training mode.
  public var trainAccuracy: Double
  /// Mean cross-entropy over the test part after the epoch.
  public var testLoss: Double
  /// Share of hits over the test part after the epoch.
  public var testAccuracy: Double
  /// Training images ÷ `seconds`.
  public var imagesPerSecond: Double
  /// Wall time of the training part: waits for data included, evaluation and saving not.
  public var seconds: Double
  /// Of the epoch's last step.
  public var learningRate: Double
  /// Mean cross-entropy over the held-out part after the epoch, where there is one.
  public var validationLoss: Double?
  /// Share of hits over the held-out part after the epoch, where there is one.
  public var validationAccuracy: Double?

  /// A row.
  public init(
    epoch: Int, trainLoss: Double, trainAccuracy: Double, testLoss: Double, testAccuracy: Double,
    imagesPerSecond: Double, seconds: Double, learningRate: Double,
    validationLoss: Double? = nil, validationAccuracy: Double? = nil
  ) {
    self.epoch = epoch
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.imagesPerSecond = imagesPerSecond
    self.seconds = seconds
    self.learningRate = learningRate
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
  }

  /// What decides which epoch is the best: the held-out part's loss, or the training loss.
  public var decidingLoss: Double { validationLoss ?? trainLoss }

  /// The columns of a checkpoint's history, in the order of the log's keys.
  static let columns: [(name: String, path: KeyPath<EpochRecord, Double> & Sendable)] = [
    ("trainLoss", \.trainLoss), ("trainAccuracy", \.trainAccuracy), ("testLoss", \.testLoss),
    ("testAccuracy", \.testAccuracy), ("imagesPerSecond", \.imagesPerSecond),
    ("seconds", \.seconds), ("learningRate", \.learningRate),
  ]

  /// Those of the held-out part, which only runs with one have.
  static let validationColumns:
    [(name: String, path: WritableKeyPath<EpochRecord, Double?> & Sendable)] = [
      ("validationLoss", \.validationLoss), ("validationAccuracy", \.validationAccuracy),
    ]
}

/// Where an unfinished epoch stands.
struct EpochProgress: Codable, Equatable {
  var images = 0
  var lossSum = 0.0
  var correct = 0
  var seconds = 0.0
}
