/// What a run was asked to do: stored in its checkpoints as JSON, so that `--resume` needs no other
/// flag.
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
  /// The number of training images that the run saw; nil before its first step.
  public var trainImages: Int?

  /// The reference experiment.
  public init() {}

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

  /// A row.
  public init(
    epoch: Int, trainLoss: Double, trainAccuracy: Double, testLoss: Double, testAccuracy: Double,
    imagesPerSecond: Double, seconds: Double, learningRate: Double
  ) {
    self.epoch = epoch
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.imagesPerSecond = imagesPerSecond
    self.seconds = seconds
    self.learningRate = learningRate
  }

  /// The columns of a checkpoint's history, in the order of the log's keys.
  static let columns: [(name: String, path: KeyPath<EpochRecord, Double> & Sendable)] = [
    ("trainLoss", \.trainLoss), ("trainAccuracy", \.trainAccuracy), ("testLoss", \.testLoss),
    ("testAccuracy", \.testAccuracy), ("imagesPerSecond", \.imagesPerSecond),
    ("seconds", \.seconds), ("learningRate", \.learningRate),
  ]
}

/// Where an unfinished epoch stands.
struct EpochProgress: Codable, Equatable {
  var images = 0
  var lossSum = 0.0
  var correct = 0
  var seconds = 0.0
}
