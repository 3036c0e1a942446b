import Checkpoints
import CommandSupport
import Datasets
import Foundation
import Networks
import Training

/// What the flags, and the checkpoint that is resumed, ask for.
struct RunPlan {
  let settings: RunSettings
  let saving: CheckpointSaving
  private let arguments: Arguments
  private let resumed: Checkpoint?

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    if arguments.isGiven(TrainFlags.data), arguments.isGiven(TrainFlags.dataset) {
      throw arguments.conflict("--data and --dataset", "give one of them")
    }
    if arguments.isGiven(TrainFlags.resume), arguments.isGiven(TrainFlags.model) {
      throw arguments.conflict("--resume and --model", "the checkpoint holds the network")
    }
    let resumed = try arguments[TrainFlags.resume].map(Self.resumable)
    self.resumed = resumed
    settings = try arguments.settings(over: resumed.map(TrainingRun.settings) ?? RunSettings())
    try settings.recipe.validate()
    let fallback = arguments[TrainFlags.resume] ?? Self.outputName(arguments[TrainFlags.model])
    saving = try CheckpointSaving(
      path: arguments[TrainFlags.output] ?? fallback,
      everyEpochs: arguments[TrainFlags.checkpointEvery],
      minutes: arguments[TrainFlags.checkpointMinutes],
      producer: "cnn-train \(Program.version)")
  }

  private static func resumable(_ path: String) throws -> Checkpoint {
    try Checkpoint(contentsOf: path, options: .trainingState)
  }

  /// `alexnet.h5` for `alexnet`, `my-network.h5` for `nets/my-network.json`.
  private static func outputName(_ model: String) -> String {
    let file = model.split(separator: "/").last.map(String.init) ?? model
    return (file.hasSuffix(".json") ? String(file.dropLast(5)) : file) + ".h5"
  }

  var writesInitialWeights: Bool { settings.maxSteps == 0 && resumed == nil }

  /// The variant's own weights of the seed; reads no data.
  func writeInitialWeights() throws {
    let network = try arguments.describedNetwork()
    var settings = settings
    settings.maxSteps = nil
    let labels = network.classCount == 10 ? DataSource.fashionMNISTClasses : []
    let record = TrainingRecord(
      epoch: 0, step: 0, seed: settings.recipe.seed, recipe: try settings.json())
    try saving.write(
      Checkpoint(
        network: network, weights: network.initialWeights(seed: settings.recipe.seed),
        preprocessing: .usual(for: network), labels: settings.dataset == nil ? [] : labels,
        training: record))
  }

  func openData() throws -> DataSource {
    guard let directory = settings.dataDirectory else { return try DataSource.fashionMNIST() }
    return try DataSource.open(directory: directory, seed: settings.recipe.seed)
  }

  /// What the run begins with: the resumed checkpoint, or fresh weights of a network that fits the
  /// data.
  func start(_ source: DataSource) throws -> Checkpoint {
    if var resumed {
      if resumed.training?.step == 0 { resumed.labels = source.classNames }
      return resumed
    }
    let network = try arguments.describedNetwork().fitted(
      to: source, keepsClasses: arguments.isGiven(TrainFlags.classes),
      note: arguments[TrainFlags.quiet] ? { _ in } : ErrorLine.note)
    return Checkpoint(
      network: network, weights: network.initialWeights(seed: settings.recipe.seed),
      preprocessing: Preprocessing(
        channels: network.input.channels, height: network.input.height,
        width: network.input.width),
      labels: source.classNames)
  }
}

extension Arguments {
  /// The network of `--model`, with `--image-size` and `--classes` applied.
  func describedNetwork() throws -> Network {
    let name = self[TrainFlags.model]
    var network =
      name.hasSuffix(".json") ? try Network(jsonFile: name) : try Variant.named(name).network()
    if let size = self[TrainFlags.imageSize] { network = try network.adapted(imageSize: size) }
    if let classes = self[TrainFlags.classes] { network = try network.adapted(classes: classes) }
    return network
  }

  /// The settings with every flag that was given.
  fileprivate func settings(over earlier: RunSettings) throws -> RunSettings {
    var settings = earlier
    func take<Value, Target>(
      _ flag: Flag<Value>, _ path: WritableKeyPath<RunSettings, Target>,
      _ convert: (Value) -> Target
    ) {
      if isGiven(flag) { settings[keyPath: path] = convert(self[flag]) }
    }
    take(TrainFlags.epochs, \.recipe.epochs) { $0 }
    take(TrainFlags.batchSize, \.recipe.batchSize) { $0 }
    take(TrainFlags.learningRate, \.recipe.learningRate) { $0 }
    take(TrainFlags.optimizer, \.recipe.optimizer) { $0 }
    take(TrainFlags.momentum, \.recipe.momentum) { $0 }
    take(TrainFlags.weightDecay, \.recipe.weightDecay) { $0 }
    take(TrainFlags.schedule, \.recipe.schedule) { $0 }
    take(TrainFlags.warmupEpochs, \.recipe.warmupEpochs) { $0 }
    take(TrainFlags.labelSmoothing, \.recipe.labelSmoothing) { $0 }
    take(TrainFlags.clipNorm, \.recipe.clipNorm) { $0 }
    take(TrainFlags.seed, \.recipe.seed) { $0 }
    take(TrainFlags.maxSteps, \.maxSteps) { $0 }
    take(TrainFlags.limitTrain, \.limitTrain) { $0 }
    take(TrainFlags.limitTest, \.limitTest) { $0 }
    if let directory = self[TrainFlags.data] {
      settings.dataDirectory = directory
      settings.dataset = nil
    } else if isGiven(TrainFlags.dataset) {
      settings.dataDirectory = nil
      settings.dataset = self[TrainFlags.dataset].rawValue
    }
    return settings
  }
}
