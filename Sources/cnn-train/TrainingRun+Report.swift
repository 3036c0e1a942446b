import Checkpoints
import Datasets
import Formatting
import Foundation
import Hardware
import Networks
import Reports
import Training

extension TrainingRun {
  /// A report of the run as it stands, with the weights as they are now; evaluates the test part
  /// where that was not the last thing done.
  ///
  /// - Parameters:
  ///   - threads: Threads that computed.
  ///   - producer: The program's name and version.
  ///   - shouldStop: Asked after every evaluated batch.
  ///   - observe: Told how the evaluation goes.
  /// - Returns: The report, or nil where it was asked to stop.
  /// - Throws: `TrainingError.oneDNN`, and `ImageError` of a test image that is gone.
  func report(
    threads: Int, producer: String, shouldStop: @escaping () -> Bool,
    observe: @escaping (TrainingEvent) throws -> Void
  ) throws -> TrainingReport? {
    guard let findings = try findings(shouldStop: shouldStop, observe: observe) else { return nil }
    var report = TrainingReport(model: model, data: data, history: RunHistory(columns))
    report.bestEpoch = bestEpoch?.epoch
    for (pair, count) in findings.confusion {
      report.confusion.add(label: pair.label, prediction: pair.prediction, count: count)
    }
    report.mistakes = try findings.mistakes.map { mistake in
      TrainingReport.Mistake(
        image: try parts.test.thumbnail(at: mistake.index, side: 96), index: mistake.index,
        label: mistake.label, prediction: mistake.prediction, probability: mistake.probability)
    }
    report.filters = try filters()
    report.recipe = settings.facts
    report.machine = Self.machine(threads: threads)
    report.steps = steps
    report.isOutOfPatience = isOutOfPatience
    report.producer = producer
    report.date = Self.text(Date())
    return report
  }

  private var model: TrainingReport.Model {
    TrainingReport.Model(
      name: network.name, layers: network.summary, parameters: network.parameterCount,
      macs: network.macs,
      classNames: (0..<network.classCount).map { Checkpoint.label($0, of: labels) })
  }

  private var data: TrainingReport.Data {
    TrainingReport.Data(
      source: settings.dataset ?? settings.dataDirectory ?? parts.test.source,
      training: parts.train.count, validation: parts.validation?.count)
  }

  private var columns: [(name: String, values: [Double])] {
    Self.columns(of: history).map { ($0.name, $0.values) }
  }

  /// As many filters as a page shows well; nil where no convolution reads the input, or its filters
  /// have one tap.
  private func filters() throws -> TrainingReport.Filters? {
    guard let first = network.inputConvolution,
      let weight = try evaluatedWeights()[first.name, .weight], weight.shape.count == 4,
      weight.shape[2] * weight.shape[3] > 1
    else { return nil }
    return TrainingReport.Filters(
      node: first.name,
      pictures: FilterPictures.pictures(weight.floats, shape: weight.shape, limit: 256))
  }

  private static func machine(threads: Int) -> [TrainingReport.Fact] {
    let machine = MachineFacts()
    let facts: [(String, String?)] = [
      ("processor", machine.processor), ("cores online", "\(machine.onlineCores)"),
      ("threads", "\(threads)"),
      ("memory", "\(Decimals.text(machine.memoryBytes / 1e9, 1)) GB"), ("system", machine.system),
      ("oneDNN", OneDNN.version),
    ]
    return facts.compactMap { name, value in value.map { TrainingReport.Fact(name, $0) } }
  }

  private static func text(_ date: Date) -> String {
    date.formatted(.iso8601.year().month().day().dateSeparator(.dash)) + ", "
      + date.formatted(.iso8601.time(includingFractionalSeconds: false).timeSeparator(.colon))
      + " UTC"
  }
}
