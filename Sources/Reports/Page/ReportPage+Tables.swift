internal import Formatting

extension ReportPage {
  /// The key figures.
  var tiles: String {
    let history = report.history
    let seconds = history[.seconds] ?? []
    let images = zip(history[.imagesPerSecond] ?? [], seconds).reduce(0) { $0 + $1.0 * $1.1 }
    let time = seconds.reduce(0, +)
    let (correct, tested) = (report.confusion.correct, report.confusion.images)
    let tiles = [
      tile(
        "test accuracy", Decimals.percent(tested > 0 ? Double(correct) / Double(tested) : 0),
        "\(correct.grouped) of \(tested.grouped)"),
      tile("test loss", history.last(.testLoss).map(Self.number) ?? "–", "nats per image"),
      tile(
        "train accuracy", history.last(.trainAccuracy).map { Decimals.percent($0) } ?? "–",
        history.last(.trainLoss).map { "loss \(Self.number($0))" } ?? ""),
      bestTile,
      tile(
        "epochs", "\(history.epochs)",
        report.isOutOfPatience ? "stopped early" : "\(report.steps.grouped) steps"),
      tile("speed", time > 0 ? Self.number(images / time) : "–", "training images per second"),
      tile("training time", Self.duration(time), "evaluation not counted"),
    ]
    return "<section class=\"tiles\">\n" + tiles.joined() + "</section>"
  }

  private var bestTile: String {
    guard let best = report.bestEpoch else { return "" }
    let held = report.history[.validationLoss]
    let losses = held ?? report.history[.trainLoss] ?? []
    guard losses.indices.contains(best - 1) else { return "" }
    let part = held == nil ? "training" : "validation"
    return tile("best epoch", "\(best)", "\(part) loss \(Self.number(losses[best - 1]))")
  }

  private func tile(_ name: String, _ value: String, _ note: String) -> String {
    """
    <div class="tile"><span>\(HTML.escape(name))</span><strong>\(HTML.escape(value))</strong>\
    <small>\(HTML.escape(note))</small></div>

    """
  }

  /// The recipe next to the machine.
  var factsSection: String {
    let recipe = report.recipe.map { fact in
      "<tr\(fact.isUsual ? " class=\"usual\"" : "")><th scope=\"row\"><code>"
        + "\(HTML.escape(fact.name))</code></th><td>\(HTML.escape(fact.value))</td></tr>\n"
    }.joined()
    let machine = report.machine.map { fact in
      "<tr><th scope=\"row\">\(HTML.escape(fact.name))</th><td>\(HTML.escape(fact.value))</td></tr>\n"
    }.joined()
    return """
      <div class="columns">
      \(section("Recipe", note: "Faint where it is the reference experiment's.",
        "<table class=\"facts\">\n\(recipe)</table>"))
      \(section("Machine", "<table class=\"facts\">\n\(machine)</table>"))
      </div>
      """
  }

  /// A row for each epoch.
  var historySection: String {
    let columns = Self.columns.compactMap { column in
      report.history[column.measure].map { (column.title, $0) }
    }
    let head = (["epoch"] + columns.map(\.0)).map { "<th scope=\"col\">\($0)</th>" }.joined()
    let rows = (0..<report.history.epochs).map { index in
      let cells = ["\(index + 1)"] + columns.map { Self.number($0.1[index]) }
      let mark = index + 1 == report.bestEpoch ? " class=\"best\"" : ""
      return "<tr\(mark)>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>\n"
    }.joined()
    return folded("Epochs", "<table class=\"numbers\">\n<tr>\(head)</tr>\n\(rows)</table>")
  }

  private static let columns: [(title: String, measure: RunHistory.Measure)] = [
    ("train loss", .trainLoss), ("train accuracy", .trainAccuracy),
    ("validation loss", .validationLoss), ("validation accuracy", .validationAccuracy),
    ("test loss", .testLoss), ("test accuracy", .testAccuracy), ("learning rate", .learningRate),
    ("images/s", .imagesPerSecond), ("seconds", .seconds),
  ]

  private static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    let whole = Int(seconds.rounded())
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    if hours > 0 { return "\(hours) h \(minutes) min" }
    return minutes > 0 ? "\(minutes) min \(whole % 60) s" : "\(Decimals.text(seconds, 1)) s"
  }
}
