public import Networks
public import Tensors

/// A trained network with all that is needed to run it, and optionally to train it further: what
/// one HDF5 file holds.
public struct Checkpoint: Sendable {
  /// The network.
  public var network: Network
  /// Its tensors: every parameter of the network and nothing else.
  public var weights: Weights
  /// How an image becomes the network's input.
  public var preprocessing: Preprocessing
  /// The classes' names by index; fewer than the network's classes where some have none.
  public var labels: [String]
  /// How it was trained, and what is needed to go on.
  public var training: TrainingRecord?
  /// What an int8 checkpoint adds.
  public var quantization: Quantization?

  /// A checkpoint in memory.
  public init(
    network: Network, weights: Weights, preprocessing: Preprocessing, labels: [String],
    training: TrainingRecord? = nil, quantization: Quantization? = nil
  ) {
    self.network = network
    self.weights = weights
    self.preprocessing = preprocessing
    self.labels = labels
    self.training = training
    self.quantization = quantization
  }
}

/// The `/training` group: where a run stands.
public struct TrainingRecord: Sendable {
  /// Whole epochs done.
  public var epoch: Int
  /// Optimiser steps done.
  public var step: Int
  /// The seed of every random decision.
  public var seed: UInt64
  /// The recipe as JSON, the trainer's own.
  public var recipe: String
  /// The state of an unfinished epoch as JSON, the trainer's own; nil between epochs.
  public var progress: String?
  /// One column a quantity, one row an epoch, in the order of the log's keys.
  public var history: [HistoryColumn]
  /// The optimiser's tensors by node, then by name (`weight.momentum`).
  public var optimizer: [String: [String: Tensor]]

  /// A record.
  public init(
    epoch: Int, step: Int, seed: UInt64, recipe: String, progress: String? = nil,
    history: [HistoryColumn] = [], optimizer: [String: [String: Tensor]] = [:]
  ) {
    self.epoch = epoch
    self.step = step
    self.seed = seed
    self.recipe = recipe
    self.progress = progress
    self.history = history
    self.optimizer = optimizer
  }
}

/// One quantity over the epochs.
public struct HistoryColumn: Sendable, Equatable {
  /// The log's key: `trainLoss`.
  public var name: String
  /// One value an epoch.
  public var values: [Double]

  /// A column.
  public init(name: String, values: [Double]) {
    self.name = name
    self.values = values
  }
}

/// The `/quantization` group of an int8 checkpoint.
public struct Quantization: Sendable {
  /// `real = scale × (quantised − zeroPoint)`, of a value's uint8 activations.
  public struct Activation: Sendable, Equatable {
    /// The step, positive.
    public var scale: Float
    /// The quantised value of 0.
    public var zeroPoint: UInt8

    /// A scale and a zero point.
    public init(scale: Float, zeroPoint: UInt8) {
      self.scale = scale
      self.zeroPoint = zeroPoint
    }
  }

  /// The calibration's name: `minmax`, `percentile`, `mse` or `entropy`.
  public var method: String
  /// The number of images that calibrated.
  public var samples: Int
  /// By node name, and `input`.
  public var activations: [String: Activation]

  /// What calibration found.
  public init(method: String, samples: Int, activations: [String: Activation]) {
    self.method = method
    self.samples = samples
    self.activations = activations
  }
}
