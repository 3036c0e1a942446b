import CommandSupport
import Inference

/// What an image shows, and how it is printed.
struct Classification {
  /// The path as it was given, or `-`.
  let image: String
  let logits: [Float]
  let probabilities: [Float]
  /// From the file to the probabilities.
  let milliseconds: Double
  let label: (Int) -> String

  private func top(_ count: Int) -> [Int] { Softmax.top(logits, count: count) }

  /// One object: `{"image","predictions":[{"label","index","probability","logit"}],"milliseconds"}`.
  func json(topK: Int) -> JSONValue {
    let predictions = top(topK).map { index in
      JSONValue.object([
        .init("label", .string(label(index))),
        .init("index", .integer(index)),
        .init("probability", .float(probabilities[index])),
        .init("logit", .float(logits[index])),
      ])
    }
    return .object([
      .init("image", .string(image)),
      .init("predictions", .array(predictions)),
      .init("milliseconds", .number(milliseconds)),
    ])
  }

  /// For the only image: a row for each class.
  func table(topK: Int) -> String {
    let style = Terminal.standardOutput.style
    let rows = top(topK).map { [label($0).printable, percent($0)] }
    let lines = TextTable(rows, numeric: [1]).description.split(separator: "\n")
    return lines.enumerated().map {
      $0.offset == 0 ? style.bold(String($0.element)) : "\($0.element)"
    }
    .joined(separator: "\n")
  }

  /// For one image of many: a line.
  func line(topK: Int) -> String {
    let classes = top(topK).map { "\(label($0).printable) \(percent($0))" }
    return "\(image.printable): \(classes.joined(separator: ", "))"
  }

  private func percent(_ index: Int) -> String { Decimals.percent(Double(probabilities[index])) }
}
