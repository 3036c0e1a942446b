import CommandSupport
import Files
import Inference
import Networks

/// What `evaluate` prints.
struct EvaluationReport {
  /// The evaluation of the checkpoint that the first is held against.
  struct Other {
    let evaluation: Evaluation
    let imagesPerSecond: Double
    let path: String
  }

  let evaluation: Evaluation
  let imagesPerSecond: Double
  let path: String
  let label: (Int) -> String
  var other: Other?

  /// More columns of counts than that are no table for a terminal.
  private static let matrixLimit = 20

  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("accuracy", .number(evaluation.accuracy)),
      .init("loss", .number(evaluation.loss)),
      .init("images", .integer(evaluation.images)),
      .init("imagesPerSecond", .number(imagesPerSecond)),
      .init("confusion", .array(evaluation.confusion.map { .array($0.map { .integer($0) }) })),
    ]
    if let other {
      members += [
        .init("agreement", .number(evaluation.agreement(with: other.evaluation))),
        .init(
          "accuracyDifference", .number(evaluation.accuracy - other.evaluation.accuracy)),
      ]
    }
    return .object(members)
  }

  /// The totals, a row for each class that occurs or was said, and who is taken for whom.
  var text: String {
    [other.map(comparison) ?? totals, classes, matrix].compactMap(\.self).joined(separator: "\n\n")
  }

  private var totals: String {
    [
      "accuracy  \(Decimals.percent(evaluation.accuracy, 2))",
      "loss      \(Decimals.text(evaluation.loss, 4))",
      "images    \(evaluation.images), \(Decimals.text(imagesPerSecond, 1)) a second",
    ].joined(separator: "\n")
  }

  private func comparison(_ other: Other) -> String {
    let points = (evaluation.accuracy - other.evaluation.accuracy) * 100
    func column(_ path: String, _ evaluation: Evaluation, _ speed: Double) -> [String] {
      [
        path.printable, Decimals.percent(evaluation.accuracy, 2),
        Decimals.text(evaluation.loss, 4), "\(evaluation.images)", Decimals.text(speed, 1),
      ]
    }
    let columns = [
      ["", "accuracy", "loss", "images", "images a second"],
      column(path, evaluation, imagesPerSecond),
      column(other.path, other.evaluation, other.imagesPerSecond),
    ]
    let rows = columns[0].indices.map { row in columns.map { $0[row] } }
    return [
      TextTable(rows, numeric: [1, 2]).description, "",
      "agreement            \(Decimals.percent(evaluation.agreement(with: other.evaluation), 2)) "
        + "of the images get the same class",
      "accuracy difference  \(Decimals.text(points, 2)) points",
    ].joined(separator: "\n")
  }

  private var classes: String {
    let confusion = evaluation.confusion
    var rows = [["class", "images", "recall", "precision", "most often taken for"]]
    for (index, row) in confusion.enumerated() {
      let count = row.reduce(0, +)
      let said = confusion.reduce(0) { $0 + $1[index] }
      guard count > 0 || said > 0 else { continue }
      let mistakes = row.enumerated().filter { $0.offset != index && $0.element > 0 }
      let worst = mistakes.max { $0.element < $1.element }
      rows.append([
        label(index).printable, "\(count)",
        count > 0 ? Decimals.percent(Double(row[index]) / Double(count)) : "–",
        said > 0 ? Decimals.percent(Double(row[index]) / Double(said)) : "–",
        worst.map { "\(label($0.offset).printable) (\($0.element))" } ?? "",
      ])
    }
    return TextTable(rows, numeric: [1, 2, 3]).description
  }

  /// A row for each class, a column for what it is taken for, by index; nil of many classes.
  private var matrix: String? {
    let confusion = evaluation.confusion
    guard confusion.count <= Self.matrixLimit else { return nil }
    let heading = ["class", "taken for"] + confusion.indices.map { "\($0)" }
    let rows = confusion.enumerated().map { index, row in
      [label(index).printable, "\(index)"] + row.map { $0 > 0 ? "\($0)" : "·" }
    }
    return TextTable([heading] + rows, numeric: Set(1..<heading.count)).description
  }
}
