public import Datasets

/// All that decides what a run does to the weights, beside the network and the data. Stored in the
/// checkpoint as JSON, so that `--resume` needs no flags.
public struct Recipe: Codable, Hashable, Sendable {
  /// How gradients become updates.
  public enum Optimizer: String, Codable, Hashable, Sendable, CaseIterable {
    /// Gradient descent, with `momentum` (Polyak) where it is not 0.
    case sgd
    /// Nesterov's momentum, as PyTorch has it.
    case nesterov
    /// Adam (Kingma & Ba 2015), weight decay added to the gradient.
    case adam
    /// Adam with decoupled weight decay (Loshchilov & Hutter 2019).
    case adamw
  }

  /// How the learning rate changes over the run.
  public enum Schedule: String, Codable, Hashable, Sendable, CaseIterable {
    /// The same all along.
    case constant
    /// Divided by ten after one half and again after three quarters of the epochs.
    case step
    /// Half a cosine from the rate to zero (Loshchilov & Hutter 2017).
    case cosine
    /// Linear up to the rate over the first 30 %, then a cosine to zero (Smith & Topin 2019).
    case oneCycle = "one-cycle"
  }

  /// What convolutions and linear layers compute with.
  public enum Precision: String, Codable, Hashable, Sendable, CaseIterable {
    /// Single precision throughout.
    case fp32
    /// Activations, gradients and copies of the weights in bfloat16 where that is faster; master
    /// weights, sums and statistics in single precision.
    case bf16
  }

  /// Passes over the training set.
  public var epochs = 10
  /// Images a step.
  public var batchSize = 128
  /// The learning rate, before the schedule.
  public var learningRate = 0.01
  /// How gradients become updates.
  public var optimizer = Optimizer.sgd
  /// Momentum of `sgd` and `nesterov`; Adam has its usual 0.9 and 0.999.
  public var momentum = 0.0
  /// L2 regularisation.
  public var weightDecay = 0.0
  /// How the learning rate changes.
  public var schedule = Schedule.constant
  /// Epochs of linear growth from 0 before the schedule.
  public var warmupEpochs = 0.0
  /// ε of label smoothing.
  public var labelSmoothing = 0.0
  /// The gradient's largest norm, over all parameters; nil for no limit.
  public var clipNorm: Double?
  /// What convolutions and linear layers compute with.
  public var precision = Precision.fp32
  /// Random changes of the training images.
  public var augmentation = Augmentation.none
  /// The decay of the weights' exponential moving average; nil for none.
  public var averageDecay: Double?
  /// Parameters whose keys begin with one of these keep their values: `conv1`, `fc6.bias`.
  public var frozen: [String] = []
  /// The seed of weights, shuffling and dropout.
  public var seed: UInt64 = 0

  /// The reference experiment's recipe.
  public init() {}

  /// Decodes; what is missing has its usual value, so that older checkpoints stay readable.
  ///
  /// - Parameter decoder: The decoder to read from.
  /// - Throws: `DecodingError` where a value is of another type.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func take<Value: Decodable>(_ key: CodingKeys, _ target: inout Value) throws {
      target = try values.decodeIfPresent(Value.self, forKey: key) ?? target
    }
    try take(.epochs, &epochs)
    try take(.batchSize, &batchSize)
    try take(.learningRate, &learningRate)
    try take(.optimizer, &optimizer)
    try take(.momentum, &momentum)
    try take(.weightDecay, &weightDecay)
    try take(.schedule, &schedule)
    try take(.warmupEpochs, &warmupEpochs)
    try take(.labelSmoothing, &labelSmoothing)
    try take(.clipNorm, &clipNorm)
    try take(.precision, &precision)
    try take(.augmentation, &augmentation)
    try take(.averageDecay, &averageDecay)
    try take(.frozen, &frozen)
    try take(.seed, &seed)
  }

  /// Refuses values that cannot be meant.
  ///
  /// - Throws: `TrainingError.invalidRecipe`, naming the setting.
  public func validate() throws {
    func require(_ holds: Bool, _ setting: RunSetting, _ value: Any, _ rule: String) throws {
      guard holds else {
        throw TrainingError.invalidRecipe(setting: setting, value: "\(value)", rule: rule)
      }
    }
    try require((0...1_000_000).contains(epochs), .epochs, epochs, "is from 0 to 1000000")
    try require((1...65_536).contains(batchSize), .batchSize, batchSize, "is from 1 to 65536")
    try require(
      learningRate >= 0 && learningRate.isFinite, .learningRate, learningRate, "is a number from 0")
    try require(
      (0..<1).contains(momentum), .momentum, momentum, "is at least 0 and below 1")
    try require(
      weightDecay >= 0 && weightDecay.isFinite, .weightDecay, weightDecay, "is a number from 0")
    try require(
      (0..<1).contains(labelSmoothing), .labelSmoothing, labelSmoothing,
      "is at least 0 and below 1")
    try require(
      warmupEpochs >= 0 && warmupEpochs.isFinite, .warmupEpochs, warmupEpochs,
      "is a number from 0")
    if let clipNorm {
      try require(clipNorm > 0 && clipNorm.isFinite, .clipNorm, clipNorm, "is above 0")
    }
    if let averageDecay {
      try require(
        (0..<1).contains(averageDecay), .averageDecay, averageDecay, "is at least 0 and below 1")
    }
    try require(
      optimizer != .nesterov || momentum > 0, .momentum, momentum, "is above 0 with nesterov")
  }
}
