public import Checkpoints
internal import Datasets
internal import Foundation
internal import Networks

extension TrainingRun {
  /// Refuses data and settings with which the run would not be the one that it continues.
  static func check(_ start: Checkpoint, _ settings: RunSettings, _ parts: DataParts) throws {
    let classes = parts.train.classNames.count
    guard parts.train.count > 0, parts.test.count > 0 else {
      throw TrainingError.dataMismatch(
        what: "data set has an empty part", where: parts.train.source,
        remedy: "give it at least one training and one test image")
    }
    let isBegun = start.training.map { $0.step > 0 } ?? false
    guard classes <= start.network.classCount else {
      throw TrainingError.dataMismatch(
        what: "\(classes) classes of images for \(start.network.classCount) of the network",
        where: parts.train.source,
        remedy: isBegun
          ? "give the data that it began with" : "give the network \(classes) classes",
        setting: isBegun ? nil : .classes)
    }
    let optimizer = start.training?.optimizer.values.flatMap(\.values) ?? []
    guard start.weights.precision == .fp32, optimizer.allSatisfy({ $0.element == .float32 }) else {
      throw TrainingError.dataMismatch(
        what: "quantised weights", where: start.network.name,
        remedy: "train from the checkpoint that was quantised")
    }
    guard let record = start.training, record.step > 0 else { return }
    try checkContinuation(of: start, record, settings, parts)
  }

  private static func checkContinuation(
    of start: Checkpoint, _ record: TrainingRecord, _ settings: RunSettings, _ parts: DataParts
  ) throws {
    // Far beyond any run, and small enough that counting on never overflows.
    guard record.epoch < 1 << 24, record.step < 1 << 48 else {
      throw TrainingError.cannotResume(
        difference: "the record says epoch \(record.epoch), step \(record.step)",
        remedy: "resume from a checkpoint that cnn-train wrote")
    }
    let earlier = try Self.settings(of: start)
    guard start.labels == parts.train.classNames else {
      throw TrainingError.cannotResume(
        difference: "the run learned other classes than those of \(parts.train.source)",
        remedy: "give the data that it began with")
    }
    guard earlier.recipe.averageDecay == nil || start.holdsAverage else {
      throw TrainingError.cannotResume(
        difference:
          "the file holds the run's average alone, not the weights that steps are made from",
        remedy: "resume from the run's own checkpoint, or begin a new run with these weights",
        setting: .initialWeights)
    }
    guard earlier.validationSplit == settings.validationSplit else {
      func name(_ share: Double?) -> String { share.map { "\($0)" } ?? "nothing" }
      throw TrainingError.cannotResume(
        difference: "the run held out \(name(earlier.validationSplit)) of its images, not "
          + name(settings.validationSplit), remedy: "keep the run's own share",
        setting: .validationSplit)
    }
    if let images = earlier.trainImages, images != parts.train.count {
      throw TrainingError.cannotResume(
        difference: "the run saw \(images) training images, this data set has "
          + "\(parts.train.count)", remedy: "give the same data and the same limit",
        setting: .limitTrain)
    }
    let isFree =
      record.progress == nil && settings.recipe.schedule == .constant
      && settings.recipe.warmupEpochs == 0
    guard earlier.recipe.batchSize == settings.recipe.batchSize || isFree else {
      throw TrainingError.cannotResume(
        difference: "the epoch or the schedule counts batches of \(earlier.recipe.batchSize)",
        remedy: "keep the run's own batch size", setting: .batchSize)
    }
    guard earlier.recipe.precision == settings.recipe.precision else {
      throw TrainingError.cannotResume(
        difference: "the run computes in \(earlier.recipe.precision.rawValue), not "
          + settings.recipe.precision.rawValue, remedy: "keep the run's own precision",
        setting: .precision)
    }
    guard earlier.recipe.seed == settings.recipe.seed else {
      throw TrainingError.cannotResume(
        difference: "the run's seed is \(earlier.recipe.seed), not \(settings.recipe.seed)",
        remedy: "keep the run's own seed", setting: .seed)
    }
  }

  /// The settings that a checkpoint was written with.
  ///
  /// - Parameter checkpoint: Of a training run.
  /// - Returns: What the run was asked to do.
  /// - Throws: `TrainingError.cannotResume` where it has none.
  public static func settings(of checkpoint: Checkpoint) throws -> RunSettings {
    guard let record = checkpoint.training,
      let settings = try? JSONDecoder().decode(RunSettings.self, from: Data(record.recipe.utf8))
    else {
      throw TrainingError.cannotResume(
        difference: "the checkpoint has no training record of this program",
        remedy: "start anew from its weights")
    }
    return settings
  }

  static func progress(of record: TrainingRecord?) throws -> EpochProgress {
    guard let text = record?.progress else { return EpochProgress() }
    guard let progress = try? JSONDecoder().decode(EpochProgress.self, from: Data(text.utf8)),
      progress.images >= 0
    else {
      throw TrainingError.cannotResume(
        difference: "the state of the unfinished epoch is unreadable",
        remedy: "resume from another checkpoint")
    }
    return progress
  }

  /// The rows of a checkpoint's history: its whole epochs, and an unfinished one that was evaluated.
  static func records(of record: TrainingRecord?) -> [EpochRecord] {
    guard let record else { return [] }
    let columns = Dictionary(
      record.history.map { ($0.name, $0.values) }, uniquingKeysWith: { first, _ in first })
    let rows = columns.values.map(\.count).min() ?? 0
    let last = record.epoch < rows && record.progress != nil ? record.epoch + 1 : record.epoch
    return (0..<min(rows, max(last, 0))).compactMap { row in
      func value(_ name: String) -> Double? {
        columns[name].flatMap { $0.indices.contains(row) ? $0[row] : nil }
      }
      guard let trainLoss = value("trainLoss"), let trainAccuracy = value("trainAccuracy"),
        let testLoss = value("testLoss"), let testAccuracy = value("testAccuracy"),
        let imagesPerSecond = value("imagesPerSecond"), let seconds = value("seconds"),
        let learningRate = value("learningRate")
      else { return nil }
      return EpochRecord(
        epoch: row + 1, trainLoss: trainLoss, trainAccuracy: trainAccuracy, testLoss: testLoss,
        testAccuracy: testAccuracy, imagesPerSecond: imagesPerSecond, seconds: seconds,
        learningRate: learningRate, validationLoss: value("validationLoss"),
        validationAccuracy: value("validationAccuracy"))
    }
  }

  /// The rows as columns; those of the held-out part where every row has them.
  package static func columns(of history: [EpochRecord]) -> [HistoryColumn] {
    let always = EpochRecord.columns.map { column in
      HistoryColumn(name: column.name, values: history.map { $0[keyPath: column.path] })
    }
    let sometimes = EpochRecord.validationColumns.compactMap { column -> HistoryColumn? in
      let values = history.compactMap { $0[keyPath: column.path] }
      guard !values.isEmpty, values.count == history.count else { return nil }
      return HistoryColumn(name: column.name, values: values)
    }
    return always + sometimes
  }

  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
