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
  private let described: Network?

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    try arguments.checkConflicts()
    let resume = arguments[TrainFlags.resume]
    described = resume == nil ? try arguments.describedNetwork() : nil
    // Held before it is read: nobody changes it between.
    saving = try CheckpointSaving(
      path: arguments[TrainFlags.output] ?? resume ?? Self.outputName(arguments[TrainFlags.model]),
      everyEpochs: arguments[TrainFlags.checkpointEvery],
      minutes: arguments[TrainFlags.checkpointMinutes],
      producer: "cnn-train \(Program.version)")
    try arguments.checkLog(against: [saving.path, saving.bestPath] + [resume].compactMap { $0 })
    resumed = try resume.map { try Checkpoint(contentsOf: $0, options: .trainingState) }
    settings = try arguments.settings(over: resumed.map(TrainingRun.settings) ?? RunSettings())
    try settings.recipe.validate()
  }

  /// `alexnet.h5` for `alexnet`, `my-network.h5` for `nets/my-network.json`.
  private static func outputName(_ model: String) -> String {
    let file = model.split(separator: "/").last.map(String.init) ?? model
    return (file.hasSuffix(".json") ? String(file.dropLast(5)) : file) + ".h5"
  }

  /// The variant's own network, where only its initial weights are asked for.
  var initialNetwork: Network? { settings.maxSteps == 0 ? described : nil }

  /// Whether the output is the checkpoint that is resumed.
  var outputIsResumed: Bool {
    arguments[TrainFlags.resume].map { SameFile.check($0, saving.path) } ?? false
  }

  /// Writes the weights of the seed; reads no data.
  func writeInitialWeights(of network: Network) throws {
    var settings = settings
    settings.maxSteps = nil
    let isFashion = settings.dataset != nil && network.classCount == 10
    let record = TrainingRecord(
      epoch: 0, step: 0, seed: settings.recipe.seed, recipe: try settings.json())
    try saving.write(
      Checkpoint(
        network: network, weights: network.initialWeights(seed: settings.recipe.seed),
        preprocessing: .usual(for: network),
        labels: isFashion ? DataSource.fashionMNISTClasses : [], training: record))
  }

  func openData() throws -> DataSource {
    guard let directory = settings.dataDirectory else { return try DataSource.fashionMNIST() }
    return try DataSource.open(directory: directory, seed: settings.recipe.seed)
  }

  /// What the run begins with: the resumed checkpoint, or weights of a network that fits the data.
  func start(_ source: DataSource) throws -> Checkpoint {
    let isQuiet = arguments[TrainFlags.quiet]
    let note: (String) -> Void = { line in if !isQuiet { ErrorLine.note(line) } }
    guard let described else {
      guard let resumed else { preconditionFailure("a run is new or resumed") }
      return try resumed.fittedBeforeFirstStep(to: source, note: note)
    }
    let network = try described.fitted(
      to: source, keepsClasses: arguments.isGiven(TrainFlags.classes), note: note)
    let input = network.input
    return Checkpoint(
      network: network, weights: network.initialWeights(seed: settings.recipe.seed),
      preprocessing: Preprocessing(
        channels: input.channels, height: input.height, width: input.width),
      labels: source.classNames)
  }
}

extension Arguments {
  /// Refuses flags that contradict each other.
  fileprivate func checkConflicts() throws {
    if isGiven(TrainFlags.data), isGiven(TrainFlags.dataset) {
      throw conflict("--data and --dataset", "give one of them")
    }
    let ofNetwork: [any FlagDeclaration] = [
      TrainFlags.model, TrainFlags.imageSize, TrainFlags.classes,
    ]
    if isGiven(TrainFlags.resume), let flag = ofNetwork.first(where: { isGiven($0) }) {
      throw conflict("--resume and \(flag.name)", "the checkpoint holds the network")
    }
    if self[TrainFlags.optimizer] == .nesterov, !isGiven(TrainFlags.resume),
      self[TrainFlags.momentum] == 0
    {
      throw conflict("--optimizer nesterov", "give --momentum 0.9, say")
    }
  }

  /// Refuses a log that would overwrite a checkpoint.
  fileprivate func checkLog(against checkpoints: [String]) throws {
    guard let log = self[TrainFlags.log] else { return }
    if checkpoints.contains(where: { $0 == log || SameFile.check($0, log) }) {
      throw conflict("--log \(log)", "it is a checkpoint of this run; give another file")
    }
  }

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
    take(TrainFlags.precision, \.recipe.precision) { $0 }
    take(TrainFlags.seed, \.recipe.seed) { $0 }
    take(TrainFlags.maxSteps, \.maxSteps) { $0 }
    take(TrainFlags.limitTrain, \.limitTrain) { $0 }
    take(TrainFlags.limitTest, \.limitTest) { $0 }
    if let directory = self[TrainFlags.data] {
      // As a full path: a resumed run may start elsewhere.
      settings.dataDirectory = URL(filePath: directory).standardizedFileURL.path
      settings.dataset = nil
    } else if isGiven(TrainFlags.dataset) {
      settings.dataDirectory = nil
      settings.dataset = self[TrainFlags.dataset].rawValue
    }
    return settings
  }
}
