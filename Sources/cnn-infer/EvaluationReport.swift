import CommandSupport
import Inference

/// What `evaluate` prints.
struct EvaluationReport {
  let evaluation: Evaluation
  let imagesPerSecond: Double

  var json: JSONValue {
    .object([
      .init("accuracy", .number(evaluation.accuracy)),
      .init("loss", .number(evaluation.loss)),
      .init("images", .integer(evaluation.images)),
      .init("imagesPerSecond", .number(imagesPerSecond)),
      .init(
        "confusion", .array(evaluation.confusion.map { .array($0.map { .integer($0) }) })),
    ])
  }

  /// The totals, and a row for each class that occurs: its recall, and what it is taken for most.
  func text(labels: (Int) -> String) -> String {
    var rows = [["class", "images", "right", "most often taken for"]]
    for (label, row) in evaluation.confusion.enumerated() {
      let count = row.reduce(0, +)
      guard count > 0 else { continue }
      let mistakes = row.enumerated().filter { $0.offset != label && $0.element > 0 }
      let worst = mistakes.max { $0.element < $1.element }
      rows.append([
        labels(label).printable, "\(count)",
        Decimals.percent(Double(row[label]) / Double(count)),
        worst.map { "\(labels($0.offset).printable) (\($0.element))" } ?? "",
      ])
    }
    return [
      "accuracy  \(Decimals.percent(evaluation.accuracy, 2))",
      "loss      \(Decimals.text(evaluation.loss, 4))",
      "images    \(evaluation.images), \(Decimals.text(imagesPerSecond, 1)) a second",
      "", TextTable(rows, numeric: [1, 2]).description,
    ].joined(separator: "\n")
  }
}
