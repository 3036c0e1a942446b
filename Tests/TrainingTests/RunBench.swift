import Checkpoints
import Datasets
import Networks
import Testing
import Training

/// What tests of whole runs share.
protocol RunBench {
  /// Where checkpoints go.
  var folder: TemporaryFolder { get }
}

extension RunBench {
  func settings(_ change: (inout RunSettings) -> Void = { _ in }) -> RunSettings {
    var settings = RunSettings()
    settings.recipe.epochs = 3
    settings.recipe.batchSize = 16
    settings.recipe.learningRate = 0.05
    settings.recipe.momentum = 0.9
    settings.recipe.seed = 7
    change(&settings)
    return settings
  }

  /// A run into `name`, from fresh weights or from what `resuming` holds. It is gone when this
  /// returns, and with it its hold on the checkpoint.
  func run(
    _ settings: RunSettings, into name: String, resuming: String? = nil, threads: Int = 2,
    minutes: Double = 0, source: DataSource = ToyData.source(),
    shouldStop: @escaping () -> Bool = { false }
  ) throws -> (outcome: TrainingOutcome, epochs: [EpochRecord]) {
    let kept = try keptRun(
      settings, into: name, resuming: resuming, threads: threads, minutes: minutes, source: source,
      shouldStop: shouldStop)
    return (kept.outcome, kept.epochs)
  }

  /// As `run`, with the run itself, which holds its checkpoint as long as it lives.
  func keptRun(
    _ settings: RunSettings, into name: String, resuming: String? = nil, threads: Int = 2,
    minutes: Double = 0, source: DataSource = ToyData.source(),
    shouldStop: @escaping () -> Bool = { false }
  ) throws -> (outcome: TrainingOutcome, epochs: [EpochRecord], run: TrainingRun) {
    let start =
      try resuming.map { try Checkpoint(contentsOf: folder.path($0), options: .trainingState) }
      ?? fresh(seed: settings.recipe.seed)
    let saving = try CheckpointSaving(path: folder.path(name), minutes: minutes, producer: "tests")
    let run = try TrainingRun(
      start: start, settings: settings, source: source, saving: saving, threads: threads)
    var epochs: [EpochRecord] = []
    let outcome = try run.run(shouldStop: shouldStop) { event in
      if case .epoch(let record) = event { epochs.append(record) }
    }
    return (outcome, epochs, run)
  }

  func fresh(seed: UInt64) throws -> Checkpoint {
    let network = try ToyData.network()
    return Checkpoint(
      network: network, weights: network.initialWeights(seed: seed),
      preprocessing: Preprocessing(channels: 1, height: 8, width: 8),
      labels: ToyData(count: 0, seed: 0).classNames)
  }

  /// Every number of a checkpoint but the times.
  func content(_ name: String) throws -> [String: [Float]] {
    let checkpoint = try Checkpoint(contentsOf: folder.path(name), options: .trainingState)
    var content: [String: [Float]] = [:]
    for parameter in checkpoint.network.parameters {
      content[parameter.key] = checkpoint.weights[parameter]?.floats
    }
    let training = try #require(checkpoint.training)
    for (node, tensors) in training.optimizer {
      for (name, tensor) in tensors { content["\(node)/\(name)"] = tensor.floats }
    }
    for column in training.history where !["seconds", "imagesPerSecond"].contains(column.name) {
      content["history/\(column.name)"] = column.values.map(Float.init)
    }
    content["place"] = [Float(training.epoch), Float(training.step)]
    return content
  }
}
