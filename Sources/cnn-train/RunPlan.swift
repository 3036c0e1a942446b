import Checkpoints
import CommandSupport
import Datasets
import Foundation
import Networks
import Tensors
import Training

/// What the flags, and the checkpoint that is resumed, ask for.
struct RunPlan {
  let settings: RunSettings
  let saving: CheckpointSaving
  private let arguments: Arguments
  private let resumed: Checkpoint?
  private let initial: Checkpoint?
  private let described: Network?

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    try arguments.checkConflicts()
    let resume = arguments[TrainFlags.resume]
    initial = try arguments[TrainFlags.initial].map { try Checkpoint(contentsOf: $0) }
    described = resume == nil ? try arguments.describedNetwork(initial: initial?.network) : nil
    let model =
      arguments.isGiven(TrainFlags.model) ? arguments[TrainFlags.model] : described?.name
    let output =
      arguments[TrainFlags.output] ?? resume
      ?? Self.outputName(model ?? arguments[TrainFlags.model])
    // Held before it is read: nobody changes it between.
    saving = try CheckpointSaving(
      path: output,
      everyEpochs: arguments[TrainFlags.checkpointEvery],
      minutes: arguments[TrainFlags.checkpointMinutes],
      producer: "cnn-train \(Program.version)")
    try arguments.checkInitial(against: [saving.path, saving.bestPath])
    let inputs = [resume, arguments[TrainFlags.initial]].compactMap { $0 }
    try arguments.checkFiles(against: [saving.path, saving.bestPath] + inputs)
    resumed = try resume.map { try Checkpoint(contentsOf: $0, options: .trainingState) }
    settings = try arguments.settings(over: resumed.map(TrainingRun.settings) ?? RunSettings())
    try settings.validate()
  }

  /// Where a report is wanted.
  var report: String? { arguments[TrainFlags.report] }

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

  /// Writes the weights of the seed, or those of `--init`; reads no data.
  func writeInitialWeights(of network: Network) throws {
    var settings = settings
    settings.maxSteps = nil
    let isFashion = settings.dataset != nil && network.classCount == 10
    let usual = isFashion ? DataSource.fashionMNISTClasses : []
    let record = TrainingRecord(
      epoch: 0, step: 0, seed: settings.recipe.seed, recipe: try settings.json())
    try saving.write(
      Checkpoint(
        network: network, weights: try initialWeights(of: network),
        preprocessing: preprocessing(of: network, else: .usual(for: network)),
        labels: labels(of: network, else: usual), training: record))
  }

  func openData() throws -> DataSource {
    guard let directory = settings.dataDirectory else { return try DataSource.fashionMNIST() }
    return try DataSource.open(directory: directory, seed: settings.recipe.seed)
  }

  /// What the run begins with: the resumed checkpoint, or weights of a network that fits the data.
  func start(_ source: DataSource) throws -> Checkpoint {
    guard let described else {
      guard let resumed else { preconditionFailure("a run is new or resumed") }
      return try resumed.fittedBeforeFirstStep(to: source, note: note)
    }
    let network = try described.fitted(
      to: source, keepsClasses: arguments.isGiven(TrainFlags.classes), note: note)
    let input = network.input
    return Checkpoint(
      network: network, weights: try initialWeights(of: network),
      preprocessing: preprocessing(
        of: network,
        else: Preprocessing(channels: input.channels, height: input.height, width: input.width)),
      labels: source.classNames)
  }

  /// What the classes of weights of `--init` are called, where the network has as many.
  private func labels(of network: Network, else usual: [String]) -> [String] {
    guard let initial, initial.labels.count == network.classCount else { return usual }
    return initial.labels
  }

  private func note(_ line: String) {
    if !arguments[TrainFlags.quiet] { ErrorLine.note(line) }
  }

  /// The weights of the seed, and over them what fits of `--init`.
  private func initialWeights(of network: Network) throws -> Weights {
    let seed = settings.recipe.seed
    guard let initial, let path = arguments[TrainFlags.initial] else {
      return network.initialWeights(seed: seed)
    }
    let transfer = try WeightTransfer(from: initial, path: path, into: network, seed: seed)
    note("\(path): \(transfer.taken) of \(network.parameters.count) tensors fit \(network.name)")
    for misfit in transfer.misfits { note("\(path): \(misfit)") }
    return transfer.weights
  }

  /// Weights were learned from images prepared in one way: `--init` brings that along where its
  /// input is the network's.
  private func preprocessing(of network: Network, else usual: Preprocessing) -> Preprocessing {
    guard let initial, initial.preprocessing.shape == network.input else { return usual }
    return initial.preprocessing
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
    if isGiven(TrainFlags.resume), isGiven(TrainFlags.initial) {
      throw conflict("--resume and --init", "give one of them")
    }
    if isGiven(TrainFlags.patience), !isGiven(TrainFlags.resume),
      self[TrainFlags.validationSplit] == 0
    {
      throw conflict("--patience", "it needs a held-out part: give --validation-split 0.1, say")
    }
    if self[TrainFlags.optimizer] == .nesterov, !isGiven(TrainFlags.resume),
      self[TrainFlags.momentum] == 0
    {
      throw conflict("--optimizer nesterov", "give --momentum 0.9, say")
    }
  }

  /// Refuses to replace the checkpoint whose weights a new run takes.
  fileprivate func checkInitial(against checkpoints: [String]) throws {
    guard let initial = self[TrainFlags.initial] else { return }
    if checkpoints.contains(where: { SameFile.check($0, initial) }) {
      throw conflict("--init \(initial)", "the run would replace it; give another --output")
    }
  }

  /// Refuses a log or a report that would overwrite a checkpoint, or each other.
  fileprivate func checkFiles(against checkpoints: [String]) throws {
    let report = self[TrainFlags.report].map { [$0, ReportFiles.curvesPath(of: $0)] } ?? []
    func check(_ file: String, _ flag: String, _ others: [String], _ what: String) throws {
      if others.contains(where: { SameFile.check($0, file) }) {
        throw conflict("\(flag) \(file)", "it is \(what) of this run; give another file")
      }
    }
    if let log = self[TrainFlags.log] {
      try check(log, "--log", checkpoints, "a checkpoint")
      try check(log, "--log", report, "the report")
    }
    for file in report { try check(file, "--report", checkpoints, "a checkpoint") }
  }

  /// The network of `--model`, or else of `--init`, with `--image-size` and `--classes` applied.
  func describedNetwork(initial: Network?) throws -> Network {
    let name = self[TrainFlags.model]
    var network: Network
    if let initial, !isGiven(TrainFlags.model) {
      network = initial
    } else if name.hasSuffix(".json") {
      network = try Network(jsonFile: name)
    } else {
      network = try Variant.named(name).network()
    }
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
    take(TrainFlags.augment, \.recipe.augmentation) { $0 }
    take(TrainFlags.average, \.recipe.averageDecay) { $0 }
    take(TrainFlags.freeze, \.recipe.frozen) { $0 }
    take(TrainFlags.validationSplit, \.validationSplit) { $0 > 0 ? $0 : nil }
    take(TrainFlags.patience, \.patience) { $0 }
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
