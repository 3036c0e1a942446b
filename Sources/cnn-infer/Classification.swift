import CommandSupport
import Files
import Inference
import Networks

/// What an image shows, and how it is printed.
struct Classification {
  /// The path as it was given, or `-`.
  let image: String
  /// The likeliest classes, the likeliest first.
  let predictions: [Prediction]
  /// From the file to the probabilities.
  let milliseconds: Double

  /// One object: `{"image","predictions":[{"label","index","probability","logit"}],"milliseconds"}`.
  var json: JSONValue {
    let members = predictions.map { prediction in
      JSONValue.object([
        .init("label", .string(prediction.label)),
        .init("index", .integer(prediction.index)),
        .init("probability", .float(prediction.probability)),
        .init("logit", .float(prediction.logit)),
      ])
    }
    return .object([
      .init("image", .string(image)),
      .init("predictions", .array(members)),
      .init("milliseconds", .number(milliseconds)),
    ])
  }

  /// For the only image: a row for each class.
  var table: String {
    let rows = predictions.map { [$0.label.printable, $0.percentage] }
    let lines = TextTable(rows, numeric: [1]).lines
    let first = lines.prefix(1).map(Terminal.standardOutput.style.bold)
    return (first + lines.dropFirst()).joined(separator: "\n")
  }

  /// For one image of many: a line.
  var line: String {
    let classes = predictions.map { "\($0.label.printable) \($0.percentage)" }
    return "\(image.printable): \(classes.joined(separator: ", "))"
  }
}

extension Prediction {
  fileprivate var percentage: String { Decimals.percent(Double(probability)) }
}
