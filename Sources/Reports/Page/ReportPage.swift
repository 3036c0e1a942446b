internal import Formatting

/// The page of a report: its head, its sections and its foot.
struct ReportPage {
  let report: TrainingReport

  init(_ report: TrainingReport) { self.report = report }

  func html() throws -> String {
    let name = HTML.escape(report.model.name)
    let foot = "Written by \(HTML.escape(report.producer)) on \(HTML.escape(report.date))."
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
      \(ConfusionTable(report.confusion, report.model.classNames).section)
      \(try mistakesSection())
      \(try filtersSection())
      \(factsSection)
      \(historySection)
      \(networkSection)
      </main>
      <footer>\(foot)</footer>
      </body>
      </html>

      """
  }

  private var summary: String {
    let (model, data) = (report.model, report.data)
    let held = data.validation.map { ", \($0.grouped) held out" } ?? ""
    return "\(data.training.grouped) training images\(held) and "
      + "\(report.confusion.images.grouped) test images of \(model.classNames.count) classes, from "
      + "<code>\(HTML.escape(data.source))</code>. \(model.parameters.grouped) parameters, "
      + "\(model.macs.grouped) multiply–adds per image."
  }

  private var curvesSection: String {
    guard report.history.epochs > 0 else { return "" }
    let charts =
      Chart.lossAndAccuracy(report.history)
      + (report.history.epochs > 1 ? Chart.rateAndSpeed(report.history) : [])
    let figures = charts.map { "<figure>\(ChartSVG($0).element)</figure>\n" }.joined()
    return section(
      "Curves",
      note: "Training values are means over the epoch, in training mode: "
        + "with dropout and augmentation, if any.", "<div class=\"charts\">\n\(figures)</div>")
  }

  private func mistakesSection() throws -> String {
    guard !report.mistakes.isEmpty else { return "" }
    let names = report.model.classNames
    let figures = try report.mistakes.map { mistake in
      let (label, prediction) = (names[mistake.label], names[mistake.prediction])
      let image = try HTML.image(mistake.image, alt: "\(label), taken for \(prediction)")
      return """
        <figure>\(image)<figcaption><b>\(HTML.escape(label))</b><br>taken for \
        \(HTML.escape(prediction))<br><small>\(Decimals.percent(mistake.probability)) · image \
        \(mistake.index)</small></figcaption></figure>

        """
    }.joined()
    return section(
      "Worst mistakes", note: "The test images whose own class got the least probability.",
      "<div class=\"mistakes\">\n\(figures)</div>")
  }

  private func filtersSection() throws -> String {
    guard let filters = report.filters else { return "" }
    let images = try filters.pictures.enumerated().map { index, picture in
      try HTML.image(picture.image, alt: "filter \(index)") + "\n"
    }.joined()
    return section(
      "Filters of \(filters.node)",
      note: "Each by itself: gray is zero, black and white its largest magnitude.",
      "<div class=\"filters\">\n\(images)</div>")
  }

  private var networkSection: String {
    folded("Network", "<pre>\(HTML.escape(lines: report.model.layers))</pre>")
  }

  func section(_ title: String, note: String = "", _ body: String) -> String {
    let note = note.isEmpty ? "" : "<p class=\"note\">\(HTML.escape(note))</p>\n"
    return "<section>\n<h2>\(HTML.escape(title))</h2>\n\(note)\(body)\n</section>"
  }

  func folded(_ title: String, _ body: String) -> String {
    "<details>\n<summary>\(title)</summary>\n<div class=\"wide\">\(body)</div>\n</details>"
  }

  /// Four significant digits.
  static func number(_ value: Double) -> String { Decimals.significant(value, 4) }
}
