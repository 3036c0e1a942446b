internal import Datasets
internal import Formatting
internal import Foundation
internal import Networks

/// The page that `--report` writes: one file, no script, nothing fetched.
struct ReportPage {
  let network: Network
  let settings: RunSettings
  let history: [EpochRecord]
  let bestEpoch: EpochRecord?
  let findings: TestFindings
  let filters: FilterPictures?
  let classNames: [String]
  let trainImages: Int
  let validationImages: Int?
  let source: String
  let machine: Machine
  let producer: String
  let steps: Int
  let isOutOfPatience: Bool
  let date: Date

  /// The page.
  ///
  /// - Parameter thumbnail: A test image by its index, in little.
  /// - Returns: HTML in UTF-8.
  /// - Throws: What `thumbnail` throws.
  func html(_ thumbnail: (Int) throws -> Picture) throws -> String {
    let name = HTML.escape(network.name)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
      style-src 'unsafe-inline'">
      <title>\(name): training report</title>
      <style>
      \(ReportStyle.sheet)
      </style>
      </head>
      <body>
      <header>
      <h1>\(name)</h1>
      <p>\(summary)</p>
      </header>
      <main>
      \(tiles)
      \(curvesSection)
      \(ConfusionTable(findings, classNames).section)
      \(try mistakesSection(thumbnail))
      \(try filtersSection)
      \(factsSection)
      \(historySection)
      \(networkSection)
      </main>
      <footer>Written by \(HTML.escape(producer)) on \(HTML.escape(Self.text(date))).</footer>
      </body>
      </html>

      """
  }

  private static func text(_ date: Date) -> String {
    date.formatted(.iso8601.year().month().day().dateSeparator(.dash)) + ", "
      + date.formatted(.iso8601.time(includingFractionalSeconds: false).timeSeparator(.colon))
      + " UTC"
  }

  private var summary: String {
    let held = validationImages.map { ", \($0.grouped) held out" } ?? ""
    let classes = classNames.count
    return "\(trainImages.grouped) training images\(held) and \(findings.images.grouped) test "
      + "images of \(classes) classes, from <code>\(HTML.escape(source))</code>. "
      + "\(network.parameterCount.grouped) parameters, \(network.macs.grouped) multiply–adds an "
      + "image."
  }

  // MARK: Key figures

  private var tiles: String {
    let images = history.reduce(0) { $0 + $1.imagesPerSecond * $1.seconds }
    let seconds = history.reduce(0) { $0 + $1.seconds }
    let accuracy = findings.images > 0 ? Double(findings.correct) / Double(findings.images) : 0
    var tiles = [
      tile(
        "test accuracy", Self.percent(accuracy),
        "\(findings.correct.grouped) of \(findings.images.grouped)"),
      tile("test loss", history.last.map { Self.number($0.testLoss) } ?? "–", "nats an image"),
      tile(
        "train accuracy", history.last.map { Self.percent($0.trainAccuracy) } ?? "–",
        history.last.map { "loss \(Self.number($0.trainLoss))" } ?? ""),
    ]
    if let bestEpoch {
      let part = bestEpoch.validationLoss == nil ? "training" : "validation"
      tiles.append(
        tile(
          "best epoch", "\(bestEpoch.epoch)", "\(part) loss \(Self.number(bestEpoch.decidingLoss))")
      )
    }
    tiles += [
      tile(
        "epochs", "\(history.count)",
        isOutOfPatience ? "stopped early" : "\(steps.grouped) steps"),
      tile("speed", seconds > 0 ? Self.number(images / seconds) : "–", "training images a second"),
      tile("training time", Self.duration(seconds), "evaluation not counted"),
    ]
    return "<section class=\"tiles\">\n" + tiles.joined() + "</section>"
  }

  private func tile(_ name: String, _ value: String, _ note: String) -> String {
    """
    <div class="tile"><span>\(HTML.escape(name))</span><strong>\(HTML.escape(value))</strong>\
    <small>\(HTML.escape(note))</small></div>

    """
  }

  // MARK: Sections

  private var curvesSection: String {
    guard !history.isEmpty else { return "" }
    func other(_ title: String, _ value: KeyPath<EpochRecord, Double>) -> Chart {
      Chart(
        title, [Chart.Series(role: .other, values: history.map { $0[keyPath: value] })],
        within: 0...Double.greatestFiniteMagnitude, isFromZero: true)
    }
    let others = [
      other("learning rate", \.learningRate), other("images a second", \.imagesPerSecond),
    ]
    let charts = Chart.lossAndAccuracy(history) + (history.count > 1 ? others : [])
    let figures = charts.map { "<figure>\(ChartSVG($0).element)</figure>\n" }.joined()
    return section(
      "Curves",
      note: "Training values are means over the epoch, in training mode: "
        + "with dropout and augmentation, if any.", "<div class=\"charts\">\n\(figures)</div>")
  }

  private func mistakesSection(_ thumbnail: (Int) throws -> Picture) throws -> String {
    guard !findings.mistakes.isEmpty else { return "" }
    let figures = try findings.mistakes.map { mistake in
      let label = classNames[mistake.label]
      let prediction = classNames[mistake.prediction]
      let image = try HTML.image(
        thumbnail(mistake.index), alt: "\(label), taken for \(prediction)")
      return """
        <figure>\(image)<figcaption><b>\(HTML.escape(label))</b><br>taken for \
        \(HTML.escape(prediction))<br><small>\(Self.percent(mistake.probability)) · image \
        \(mistake.index)</small></figcaption></figure>

        """
    }.joined()
    return section(
      "Worst mistakes", note: "The test images whose own class got the least probability.",
      "<div class=\"mistakes\">\n\(figures)</div>")
  }

  private var filtersSection: String {
    get throws {
      guard let filters else { return "" }
      let images = try filters.pictures.enumerated().map { index, picture in
        try HTML.image(picture, alt: "filter \(index)") + "\n"
      }.joined()
      return section(
        "Filters of \(filters.node)",
        note: "Each by itself: gray is zero, black and white its largest magnitude.",
        "<div class=\"filters\">\n\(images)</div>")
    }
  }

  private var factsSection: String {
    let recipe = settings.table.map { row in
      "<tr\(row.isUsual ? " class=\"usual\"" : "")><th scope=\"row\"><code>\(row.flag)</code></th>"
        + "<td>\(HTML.escape(row.value))</td></tr>\n"
    }.joined()
    let machine = machine.facts.map { fact in
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

  private var historySection: String {
    let hasHeld = history.contains { $0.validationLoss != nil }
    let head =
      ["epoch", "train loss", "train accuracy"]
      + (hasHeld ? ["validation loss", "validation accuracy"] : [])
      + ["test loss", "test accuracy", "learning rate", "images/s", "seconds"]
    let rows = history.map { record in
      var cells = [
        "\(record.epoch)", Self.number(record.trainLoss), Self.number(record.trainAccuracy),
      ]
      if hasHeld {
        cells += [record.validationLoss, record.validationAccuracy].map {
          $0.map(Self.number) ?? "–"
        }
      }
      cells += [
        record.testLoss, record.testAccuracy, record.learningRate, record.imagesPerSecond,
        record.seconds,
      ].map(Self.number)
      let mark = record.epoch == bestEpoch?.epoch ? " class=\"best\"" : ""
      return "<tr\(mark)>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>\n"
    }.joined()
    let titles = head.map { "<th scope=\"col\">\($0)</th>" }.joined()
    return folded("Epochs", "<table class=\"numbers\">\n<tr>\(titles)</tr>\n\(rows)</table>")
  }

  private var networkSection: String {
    folded("Network", "<pre>\(HTML.escape(lines: network.summary))</pre>")
  }

  private func section(_ title: String, note: String = "", _ body: String) -> String {
    let note = note.isEmpty ? "" : "<p class=\"note\">\(HTML.escape(note))</p>\n"
    return "<section>\n<h2>\(HTML.escape(title))</h2>\n\(note)\(body)\n</section>"
  }

  private func folded(_ title: String, _ body: String) -> String {
    "<details>\n<summary>\(title)</summary>\n<div class=\"wide\">\(body)</div>\n</details>"
  }

  // MARK: Numbers

  static func percent(_ fraction: Double) -> String { String(format: "%.1f %%", fraction * 100) }

  /// Four significant digits.
  static func number(_ value: Double) -> String { String(format: "%.4g", value) }

  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    let whole = Int(seconds.rounded())
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    if hours > 0 { return "\(hours) h \(minutes) min" }
    return minutes > 0 ? "\(minutes) min \(whole % 60) s" : String(format: "%.1f s", seconds)
  }
}
