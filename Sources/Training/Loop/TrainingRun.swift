public import Checkpoints
public import Datasets
internal import Foundation
public import Networks

/// What a run tells while it goes.
public enum TrainingEvent: Sendable {
  /// Steps begin, or one was made: images done and to be done in this go over the epoch, and the epoch's means
  /// so far.
  case step(epoch: Int, done: Int, of: Int, mean: BatchResult)
  /// Part of the test images was evaluated.
  case evaluating(done: Int, of: Int)
  /// An epoch, or what `maxSteps` left of it, was evaluated.
  case epoch(EpochRecord)
  /// A checkpoint was written.
  case saved(path: String)
}

/// How a run ended.
public enum TrainingOutcome: Sendable {
  /// All epochs or `maxSteps` are done.
  case finished
  /// Somebody asked it to stop; the checkpoint is saved.
  case stopped
}

/// Trains a network on a data set, epoch by epoch, and keeps its checkpoint.
///
/// Every random decision is a function of the seed and of where the run stands, so that a resumed
/// run makes the same steps as one that was never stopped.
public final class TrainingRun {
  /// What the run was asked to do.
  public let settings: RunSettings
  /// The network.
  public let network: Network
  /// Epochs evaluated so far, the last one perhaps not whole.
  public private(set) var history: [EpochRecord]
  private let preprocessing: Preprocessing
  private let labels: [String]
  private let source: DataSource
  private let saving: CheckpointSaving
  private let trainer: Trainer
  private var epoch: Int
  private var progress: EpochProgress
  private var shouldStop: () -> Bool = { false }
  private var observe: (TrainingEvent) throws -> Void = { _ in }

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - start: Network, weights, preprocessing and labels to begin with; where it has a training
  ///     record, the run goes on from there.
  ///   - settings: What to do.
  ///   - source: The data; `limitTrain` and `limitTest` are applied to it here.
  ///   - saving: Where and when checkpoints are written.
  ///   - threads: OpenMP threads, from 1.
  /// - Throws: `TrainingError` where the recipe, the data and the network do not go together.
  public init(
    start: Checkpoint, settings: RunSettings, source: DataSource, saving: CheckpointSaving,
    threads: Int
  ) throws {
    var settings = settings
    try settings.recipe.validate()
    var source = source
    if let limit = settings.limitTrain { source.train = source.train.prefix(limit) }
    if let limit = settings.limitTest { source.test = source.test.prefix(limit) }
    try Self.check(start, settings, source)
    settings.trainImages = source.train.count
    self.settings = settings
    self.source = source
    self.saving = saving
    network = start.network
    preprocessing = start.preprocessing
    labels = start.labels
    let record = start.training
    epoch = record?.epoch ?? 0
    progress = try Self.progress(of: record)
    history = Self.records(of: record)
    trainer = try Trainer(
      network: start.network, weights: start.weights, recipe: settings.recipe, threads: threads,
      step: record?.step ?? 0, batchSize: min(settings.recipe.batchSize, source.train.count),
      optimizer: record?.optimizer ?? [:])
  }

  private var stepsPerEpoch: Int {
    (source.train.count + settings.recipe.batchSize - 1) / settings.recipe.batchSize
  }

  private var reachedMaxSteps: Bool { settings.maxSteps.map { trainer.step >= $0 } ?? false }

  /// Whether the epoch has steps that were not evaluated: a run stopped in its evaluation.
  private var owesEvaluation: Bool { progress.images > 0 && history.count == epoch }

  /// Whether nothing is left to do.
  public var isFinished: Bool {
    epoch >= settings.recipe.epochs || (reachedMaxSteps && !owesEvaluation)
  }

  /// Trains until the end, or until asked to stop.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked after every step and evaluated batch.
  ///   - observe: Told what happens.
  /// - Returns: How the run ended; either way the checkpoint is saved.
  /// - Throws: `TrainingError`, `DatasetError` and `CheckpointError`; a checkpoint that was saved
  ///   before stays.
  public func run(
    shouldStop: @escaping () -> Bool, observe: @escaping (TrainingEvent) throws -> Void
  ) throws -> TrainingOutcome {
    self.shouldStop = shouldStop
    self.observe = observe
    while !isFinished {
      guard try trainEpoch(), let record = try evaluateEpoch() else {
        try save()
        return .stopped
      }
      try finish(record)
    }
    return .finished
  }

  /// Steps to the end of the epoch or of `maxSteps`; false where it was asked to stop before.
  private func trainEpoch() throws -> Bool {
    let recipe = settings.recipe
    let loader = try BatchLoader(
      dataset: source.train, preprocessing: preprocessing, batchSize: recipe.batchSize,
      order: CounterRandom.epochOrder(
        count: source.train.count, seed: recipe.seed, epoch: epoch),
      startingAt: progress.images, seed: recipe.seed, epoch: epoch)
    let (firstImage, lastImage) = (progress.images, lastImage)
    // Nothing done yet: rates and times left count from here, not from the first step's end.
    if !reachedMaxSteps { try observe(stepEvent(from: firstImage, to: lastImage)) }
    var last = ContinuousClock().now
    while !reachedMaxSteps, let batch = try loader.next() {
      try step(batch)
      progress.seconds += (ContinuousClock().now - last) / .seconds(1)
      try observe(stepEvent(from: firstImage, to: lastImage))
      if progress.images < source.train.count, !reachedMaxSteps {
        if shouldStop() { return false }
        if saving.isDue { try save() }
      }
      last = ContinuousClock().now
    }
    return true
  }

  private func step(_ batch: Batch) throws {
    // The row of an epoch that goes on is void.
    history = Array(history.prefix(epoch))
    let rate = settings.recipe.learningRate(atStep: trainer.step, stepsPerEpoch: stepsPerEpoch)
    let result = try batch.withInputs { images in
      try batch.labels.withUnsafeBufferPointer { labels in
        try trainer.train(images: images, labels: labels, learningRate: rate)
      }
    }
    guard result.lossSum.isFinite else { throw diverged(result.loss) }
    progress.images += result.images
    progress.lossSum += result.lossSum
    progress.correct += result.correct
  }

  private func diverged(_ loss: Double) -> TrainingError {
    .diverged(
      loss: Float(loss), epoch: epoch + 1, step: trainer.step,
      learningRate: settings.recipe.learningRate(
        atStep: max(trainer.step - 1, 0), stepsPerEpoch: stepsPerEpoch))
  }

  /// A step's event; `first` is where in the epoch this go began, `last` where it will end.
  private func stepEvent(from first: Int, to last: Int) -> TrainingEvent {
    let mean = BatchResult(
      lossSum: progress.lossSum, correct: progress.correct, images: progress.images)
    return .step(
      epoch: epoch + 1, done: progress.images - first, of: last - first, mean: mean)
  }

  /// Where in the epoch this go ends: at its end, or at the last step.
  private var lastImage: Int {
    guard let maxSteps = settings.maxSteps else { return source.train.count }
    let (images, overflow) = (maxSteps - trainer.step).multipliedReportingOverflow(
      by: settings.recipe.batchSize)
    return overflow ? source.train.count : min(source.train.count, progress.images + images)
  }

  /// Closes a whole epoch; one that `maxSteps` ended stays open, for a run with a larger total.
  private func finish(_ record: EpochRecord) throws {
    history.append(record)
    let best = history.dropLast().map(\.trainLoss).min() ?? .infinity
    let isWhole = progress.images == source.train.count
    if isWhole {
      epoch += 1
      progress = EpochProgress()
    }
    try observe(.epoch(record))
    // The best first: once the run's own checkpoint knows this loss, nothing would write it again.
    if isWhole, record.trainLoss < best { try saving.writeBest(checkpoint(withOptimizer: false)) }
    if isFinished || epoch % saving.everyEpochs == 0 { try save() }
  }

  /// The row of the epoch, whole or not; nil where it was asked to stop.
  private func evaluateEpoch() throws -> EpochRecord? {
    guard let test = try evaluateTestPart() else { return nil }
    guard test.lossSum.isFinite else { throw diverged(test.loss) }
    let images = Double(max(progress.images, 1))
    return EpochRecord(
      epoch: epoch + 1, trainLoss: progress.lossSum / images,
      trainAccuracy: Double(progress.correct) / images, testLoss: test.loss,
      testAccuracy: test.accuracy, imagesPerSecond: images / max(progress.seconds, 1e-9),
      seconds: progress.seconds,
      learningRate: settings.recipe.learningRate(
        atStep: max(trainer.step - 1, 0), stepsPerEpoch: stepsPerEpoch))
  }

  private func evaluateTestPart() throws -> BatchResult? {
    let loader = try BatchLoader(
      dataset: source.test, preprocessing: preprocessing,
      batchSize: min(settings.recipe.batchSize, source.test.count))
    var total = BatchResult()
    while let batch = try loader.next() {
      if shouldStop() { return nil }
      total += try batch.withInputs { images in
        try batch.labels.withUnsafeBufferPointer { labels in
          try trainer.evaluate(images: images, labels: labels)
        }
      }
      try observe(.evaluating(done: total.images, of: source.test.count))
    }
    return total
  }

  private func save() throws {
    try saving.write(checkpoint(withOptimizer: true))
    try observe(.saved(path: saving.path))
  }

  /// The run as it stands.
  ///
  /// - Parameter withOptimizer: Whether the optimiser's tensors are included, which only
  ///   `--resume` needs.
  /// - Returns: A checkpoint of copies.
  /// - Throws: `TrainingError.oneDNN`.
  public func checkpoint(withOptimizer: Bool) throws -> Checkpoint {
    let unfinished = progress.images > 0 ? try Self.json(progress) : nil
    let record = TrainingRecord(
      epoch: epoch, step: trainer.step, seed: settings.recipe.seed,
      recipe: try Self.json(settings), progress: unfinished,
      history: EpochRecord.columns.map { column in
        HistoryColumn(name: column.name, values: history.map { $0[keyPath: column.path] })
      },
      optimizer: withOptimizer ? try trainer.optimizerTensors() : [:])
    return Checkpoint(
      network: network, weights: try trainer.weights(), preprocessing: preprocessing,
      labels: labels, training: record)
  }
}
