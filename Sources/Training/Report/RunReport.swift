internal import Checkpoints
public import Datasets
internal import Foundation
internal import Networks

/// What there is to tell of a run: a page that opens without a network, and its curves as a picture.
public struct RunReport: Sendable {
  /// HTML in UTF-8, with its pictures inside.
  public let page: String
  /// The curves of loss and accuracy.
  public let curves: Picture
}

extension TrainingRun {
  /// Tells of the run as it stands, with the weights as they are now; evaluates the test part where
  /// that was not the last thing done.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked after every evaluated batch.
  ///   - observe: Told how the evaluation goes.
  /// - Returns: The report, or nil where it was asked to stop.
  /// - Throws: `TrainingError.oneDNN`, and `ImageError` of a test image that is gone.
  public func report(
    shouldStop: @escaping () -> Bool, observe: @escaping (TrainingEvent) throws -> Void
  ) throws -> RunReport? {
    guard let findings = try findings(shouldStop: shouldStop, observe: observe) else { return nil }
    let weights = try trainer.withAverage { try trainer.weights() }
    let test = parts.test
    let page = ReportPage(
      network: network, settings: settings, history: history, bestEpoch: bestEpoch,
      findings: findings, filters: FilterPictures(network, weights),
      classNames: (0..<network.classCount).map { Checkpoint.label($0, of: labels) },
      trainImages: parts.train.count, validationImages: parts.validation?.count,
      source: settings.dataset ?? settings.dataDirectory ?? test.source,
      machine: Machine(threads: threads), producer: saving.producer, steps: trainer.step,
      isOutOfPatience: isOutOfPatience, date: Date())
    return RunReport(
      page: try page.html { try test.thumbnail(at: $0, side: 96) },
      curves: CurvesPicture(Chart.lossAndAccuracy(history)).picture)
  }
}
