internal import Formatting

/// Loss and accuracy of a run as small charts of characters, for a terminal.
package struct ChartText {
  private static let rows = 8
  private static let widest = 60
  private let history: RunHistory

  /// Charts of a run.
  package init(_ history: RunHistory) { self.history = history }

  /// Losses in one chart, accuracies in another; nil where there are less than two epochs.
  package var text: String? {
    let charts = [
      chart(title: "loss", [.trainLoss, .testLoss]),
      chart(title: "accuracy", [.trainAccuracy, .testAccuracy]),
    ].compactMap(\.self)
    return charts.isEmpty ? nil : charts.joined(separator: "\n\n")
  }

  /// Both series over the epochs, which share points as the width demands.
  private func chart(title: String, _ measures: [RunHistory.Measure]) -> String? {
    let marks: [Character] = ["●", "○"]
    let series = zip(measures, marks).compactMap { measure, mark in
      history[measure].map { (name: measure.rawValue, mark: mark, values: $0) }
    }
    let epochs = history.epochs
    let finite = series.flatMap(\.values).filter(\.isFinite)
    guard epochs > 1, let low = finite.min(), let high = finite.max() else { return nil }
    let width = min(epochs, Self.widest)
    let spread = max(1, min(4, Self.widest / width))
    var grid = [[Character]](
      repeating: Array(repeating: " ", count: (width - 1) * spread + 1), count: Self.rows)
    for (_, mark, values) in series.reversed() {
      for column in 0..<width {
        guard let mean = Self.mean(of: values, column: column, of: width) else { continue }
        let share = high > low ? (mean - low) / (high - low) : 0.5
        guard (0...1).contains(share) else { continue }
        let row = Self.rows - 1 - Int((share * Double(Self.rows - 1)).rounded())
        // Where both series meet, a mark of its own.
        let isTaken = grid[row][column * spread] != " "
        grid[row][column * spread] = isTaken ? "◉" : mark
      }
    }
    return lines(title, grid, low, high, epochs, series.map { "\($0.mark) \($0.name)" })
  }

  private static func mean(of values: [Double], column: Int, of width: Int) -> Double? {
    let range = column * values.count / width..<max((column + 1) * values.count / width, 1)
    let part = values[range].filter(\.isFinite)
    return part.isEmpty ? nil : part.reduce(0, +) / Double(part.count)
  }

  private func lines(
    _ title: String, _ grid: [[Character]], _ low: Double, _ high: Double, _ epochs: Int,
    _ legend: [String]
  ) -> String {
    let labels = [Decimals.text(high, 4), Decimals.text(low, 4)]
    let margin = labels.map(\.count).max() ?? 0
    func padded(_ text: String) -> String {
      String(repeating: " ", count: margin - text.count) + text
    }
    var lines = ["\(title): \(legend.joined(separator: ", "))"]
    for (index, row) in grid.enumerated() {
      let label = index == 0 ? labels[0] : index == grid.count - 1 ? labels[1] : ""
      var line = "\(padded(label)) \(label.isEmpty ? "│" : "┤")\(String(row))"
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
    let axis = String(repeating: "─", count: grid[0].count)
    let last = "\(epochs)"
    let room = max(1, grid[0].count - 1 - last.count)
    lines.append("\(padded("")) └\(axis)")
    lines.append("\(padded(""))  1\(String(repeating: " ", count: room))\(last)  epochs")
    return lines.joined(separator: "\n")
  }
}
