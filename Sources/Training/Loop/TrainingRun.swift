public import Checkpoints
public import Datasets
internal import Foundation
public import Networks

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
  let preprocessing: Preprocessing
  /// The classes' names by index, where they have any.
  package let labels: [String]
  /// The images of the run.
  package let parts: DataParts
  let saving: CheckpointSaving
  let trainer: Trainer
  let threads: Int
  /// What the last evaluation of the test part found, until the next step.
  var testFindings: TestFindings?
  private var epoch: Int
  private var progress: EpochProgress
  var shouldStop: () -> Bool = { false }
  var observe: (TrainingEvent) throws -> Void = { _ in }

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - start: Network, weights, preprocessing and labels to begin with; where it has a training
  ///     record, the run goes on from there.
  ///   - settings: What to do.
  ///   - source: The data; `limitTrain`, `limitTest` and `validationSplit` are applied to it here.
  ///   - saving: Where and when checkpoints are written.
  ///   - threads: OpenMP threads, from 1.
  /// - Throws: `TrainingError` where the recipe, the data and the network do not go together.
  public init(
    start: Checkpoint, settings: RunSettings, source: DataSource, saving: CheckpointSaving,
    threads: Int
  ) throws {
    var settings = settings
    try settings.validate()
    let parts = try DataParts(source, settings)
    try Self.check(start, settings, parts)
    settings.trainImages = parts.train.count
    self.settings = settings
    self.parts = parts
    self.saving = saving
    self.threads = threads
    network = start.network
    preprocessing = start.preprocessing
    labels = start.labels
    let record = start.training
    epoch = record?.epoch ?? 0
    progress = try Self.progress(of: record)
    history = Self.records(of: record)
    trainer = try Trainer(
      network: start.network, weights: start.underlyingWeights,
      average: start.holdsAverage ? start.weights : nil, recipe: settings.recipe,
      threads: threads, step: record?.step ?? 0,
      batchSize: min(settings.recipe.batchSize, parts.train.count),
      optimizer: record?.optimizer ?? [:])
  }

  /// Steps done so far, those before a resumption included.
  package var steps: Int { trainer.step }

  private var stepsPerEpoch: Int {
    (parts.train.count + settings.recipe.batchSize - 1) / settings.recipe.batchSize
  }

  private var reachedMaxSteps: Bool { settings.maxSteps.map { trainer.step >= $0 } ?? false }

  /// Whether the epoch has steps that were not evaluated: a run stopped in its evaluation.
  private var owesEvaluation: Bool { progress.images > 0 && history.count == epoch }

  /// Whether nothing is left to do.
  public var isFinished: Bool {
    epoch >= settings.recipe.epochs || isOutOfPatience || (reachedMaxSteps && !owesEvaluation)
  }

  /// Whether so many whole epochs as `patience` says have passed since the best one.
  public var isOutOfPatience: Bool {
    guard let patience = settings.patience, let best = bestEpoch else { return false }
    return epoch - best.epoch >= patience
  }

  /// The whole epoch of the smallest deciding loss, the first of equals.
  public var bestEpoch: EpochRecord? {
    history.prefix(epoch).min { $0.decidingLoss < $1.decidingLoss }
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
      dataset: parts.train, preprocessing: preprocessing, batchSize: recipe.batchSize,
      order: epochOrder,
      startingAt: progress.images, augmentation: recipe.augmentation, seed: recipe.seed,
      epoch: epoch, ahead: loaders + 1, workers: loaders)
    let (firstImage, lastImage) = (progress.images, lastImage)
    // Nothing done yet: rates and times left count from here, not from the first step's end.
    if !reachedMaxSteps { try observe(stepEvent(from: firstImage, to: lastImage)) }
    var last = ContinuousClock().now
    while !reachedMaxSteps, let batch = try loader.next() {
      try step(batch)
      progress.seconds += (ContinuousClock().now - last) / .seconds(1)
      try observe(stepEvent(from: firstImage, to: lastImage))
      if progress.images < parts.train.count, !reachedMaxSteps {
        if shouldStop() { return false }
        if saving.isDue { try save() }
      }
      last = ContinuousClock().now
    }
    return true
  }

  /// The order of the epoch's images. A batch that holds them all has none: it must not depend on
  /// shuffling.
  private var epochOrder: [Int]? {
    guard parts.train.count > settings.recipe.batchSize else { return nil }
    return CounterRandom.epochOrder(
      count: parts.train.count, seed: settings.recipe.seed, epoch: epoch)
  }

  /// Threads that prepare batches; beyond a few they would only hold memory.
  var loaders: Int { min(max(threads, 1), 4) }

  private func step(_ batch: Batch) throws {
    // The row of an epoch that goes on is void.
    history = Array(history.prefix(epoch))
    testFindings = nil
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
      loss: Float(loss), epoch: epoch + 1, step: trainer.step, learningRate: lastLearningRate)
  }

  /// The rate of the last step that was made.
  private var lastLearningRate: Double {
    settings.recipe.learningRate(
      atStep: max(trainer.step - 1, 0), stepsPerEpoch: stepsPerEpoch)
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
    guard let maxSteps = settings.maxSteps else { return parts.train.count }
    let (images, overflow) = (maxSteps - trainer.step).multipliedReportingOverflow(
      by: settings.recipe.batchSize)
    return overflow ? parts.train.count : min(parts.train.count, progress.images + images)
  }

  /// Closes a whole epoch; one that `maxSteps` ended stays open, for a run with a larger total.
  private func finish(_ record: EpochRecord) throws {
    let best = bestEpoch?.decidingLoss ?? .infinity
    history.append(record)
    let isWhole = progress.images == parts.train.count
    if isWhole {
      epoch += 1
      progress = EpochProgress()
    }
    do {
      try observe(.epoch(record))
    } catch {
      // A log on a full disk costs no epoch.
      try save()
      throw error
    }
    // The best first: once the run's own checkpoint knows this loss, nothing would write it again.
    if isWhole, record.decidingLoss < best {
      try saveBest()
    }
    if isFinished || epoch % saving.everyEpochs == 0 { try save() }
  }

  /// The row of the epoch, whole or not; nil where it was asked to stop.
  private func evaluateEpoch() throws -> EpochRecord? {
    guard let result = try evaluate() else { return nil }
    for part in [result.validation, result.test].compactMap(\.self)
    where !part.lossSum.isFinite { throw diverged(part.loss) }
    let images = Double(max(progress.images, 1))
    return EpochRecord(
      epoch: epoch + 1, trainLoss: progress.lossSum / images,
      trainAccuracy: Double(progress.correct) / images, testLoss: result.test.loss,
      testAccuracy: result.test.accuracy, imagesPerSecond: images / max(progress.seconds, 1e-9),
      seconds: progress.seconds, learningRate: lastLearningRate,
      validationLoss: result.validation?.loss, validationAccuracy: result.validation?.accuracy)
  }

  private func save() throws {
    try refusingNonFinite { try saving.write(checkpoint(withOptimizer: true)) }
    try observe(.saved(path: saving.path))
  }

  /// A best checkpoint that cannot be written costs no epoch.
  private func saveBest() throws {
    do {
      try refusingNonFinite { try saving.writeBest(checkpoint(withOptimizer: false)) }
    } catch let error as CheckpointError {
      try save()
      throw error
    }
  }

  /// Tells of weights that the last update spoilt, before a loss could show it, as divergence.
  private func refusingNonFinite(_ write: () throws -> Void) throws {
    do {
      try write()
    } catch CheckpointError.notFinite {
      throw diverged(.nan)
    }
  }

  /// The run as it stands: where the recipe has a moving average, that is the weights, and those
  /// that steps are made from are beside the optimiser's tensors.
  ///
  /// - Parameter withOptimizer: Whether the optimiser's tensors are included, which only
  ///   `--resume` needs.
  /// - Returns: A checkpoint of copies.
  /// - Throws: `TrainingError.oneDNN`.
  public func checkpoint(withOptimizer: Bool) throws -> Checkpoint {
    let unfinished = progress.images > 0 ? try Self.json(progress) : nil
    return try trainer.withAverage {
      let record = TrainingRecord(
        epoch: epoch, step: trainer.step, seed: settings.recipe.seed,
        recipe: try Self.json(settings), progress: unfinished, history: Self.columns(of: history),
        optimizer: withOptimizer ? try trainer.optimizerTensors() : [:])
      return Checkpoint(
        network: network, weights: try trainer.weights(), preprocessing: preprocessing,
        labels: labels, training: record)
    }
  }
}
