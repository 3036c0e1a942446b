import CommandSupport
import Files
import Training

/// Shows a run: a bar on a terminal, a line an epoch.
final class TrainingDisplay {
  private let reporter: ProgressReporter
  private let settings: RunSettings
  private var title = ""
  private var saved: String?

  init(quiet: Bool, settings: RunSettings) {
    reporter = ProgressReporter(quiet: quiet)
    self.settings = settings
  }

  func show(_ event: TrainingEvent) {
    switch event {
    case .step(let epoch, let done, let total, let mean):
      begin("epoch \(epoch)/\(settings.recipe.epochs)", total: total, unit: "images")
      guard mean.images > 0 else { return }
      reporter.update(
        done,
        detail: "loss \(Decimals.text(mean.loss, 3))  train \(Decimals.text(mean.accuracy, 3))")
    case .evaluating(let part, let done, let total):
      begin(part.rawValue, total: total, unit: "images")
      reporter.update(done)
    case .epoch(let record):
      endPart()
      reporter.note(line(record))
    case .saved(let path): saved = path
    }
  }

  /// Tells why a finished run does no step.
  func nothingToDo(_ run: TrainingRun) {
    if run.isOutOfPatience { return tellPatience(run) }
    let steps = settings.maxSteps.map { " or \($0) steps" } ?? ""
    reporter.note("nothing left to do: \(settings.recipe.epochs) epochs\(steps) are done")
  }

  /// Ends the bar and tells where the checkpoint is.
  func end(_ run: TrainingRun) {
    endPart()
    if run.isOutOfPatience { tellPatience(run) }
    if let saved { reporter.note("saved \(saved.printable)") }
  }

  /// Tells where the checkpoint of a run without a step is.
  func wroteInitialWeights(_ path: String) {
    reporter.note("saved \(path.printable): the weights before any step")
  }

  /// Tells where the report is.
  func wrote(_ files: ReportFiles) {
    endPart()
    reporter.note("wrote \(files.page.printable) and \(files.curves.printable)")
  }

  private func tellPatience(_ run: TrainingRun) {
    guard let patience = settings.patience, let best = run.bestEpoch else { return }
    reporter.note(
      "no better validation loss for \(patience) epochs: the best was epoch \(best.epoch)")
  }

  private func endPart() {
    reporter.end()
    title = ""
  }

  private func begin(_ title: String, total: Int, unit: String) {
    guard title != self.title else { return }
    reporter.end()
    self.title = title
    reporter.begin(title, total: total, unit: unit)
  }

  private func line(_ record: EpochRecord) -> String {
    "epoch \(record.epoch)/\(settings.recipe.epochs)"
      + "  loss \(Decimals.text(record.trainLoss, 4))"
      + "  train \(Decimals.text(record.trainAccuracy, 4))"
      + (record.validationLoss.map { "  validation loss \(Decimals.text($0, 4))" } ?? "")
      + (record.validationAccuracy.map { "  validation \(Decimals.text($0, 4))" } ?? "")
      + "  test loss \(Decimals.text(record.testLoss, 4))"
      + "  test \(Decimals.text(record.testAccuracy, 4))"
      + "  \(Decimals.text(record.imagesPerSecond, 1)) images/s"
      + "  \(Decimals.text(record.seconds, 1)) s"
  }
}
