internal import Formatting

/// A chart as an SVG element: its colours are the page's, so that it follows light and dark.
struct ChartSVG {
  private static let size = (width: 560.0, height: 320.0)
  private static let margin = (left: 54.0, right: 14.0, top: 44.0, bottom: 42.0)

  private let chart: Chart

  init(_ chart: Chart) { self.chart = chart }

  private func x(_ share: Double) -> Double {
    Self.margin.left + share * (Self.size.width - Self.margin.left - Self.margin.right)
  }

  private func y(_ share: Double) -> Double {
    Self.margin.top + (1 - share) * (Self.size.height - Self.margin.top - Self.margin.bottom)
  }

  private func text(_ value: Double) -> String { Decimals.text(value, 1) }

  /// The element.
  var element: String {
    let (width, height) = (Int(Self.size.width), Int(Self.size.height))
    let title = HTML.escape(chart.title)
    return """
      <svg class="chart" viewBox="0 0 \(width) \(height)" role="img" aria-label="\(title) by epoch">
      <text class="title" x="\(text(x(0)))" y="22">\(title)</text>
      \(legend)\(axes)\(curves)</svg>
      """
  }

  private var axes: String {
    var parts = ""
    for tick in chart.vertical.ticks {
      let height = text(y(chart.vertical.share(of: tick)))
      parts += """
        <line class="grid" x1="\(text(x(0)))" x2="\(text(x(1)))" y1="\(height)" y2="\(height)"/>
        <text class="tick" x="\(text(x(0) - 9))" y="\(height)" dy=".35em" text-anchor="end">\
        \(chart.vertical.label(tick))</text>

        """
    }
    let foot = y(0)
    parts += """
      <line class="axis" x1="\(text(x(0)))" x2="\(text(x(1)))" y1="\(text(foot))" \
      y2="\(text(foot))"/>

      """
    for tick in chart.horizontal.ticks {
      let place = text(x(chart.horizontal.share(of: tick)))
      parts += """
        <line class="axis" x1="\(place)" x2="\(place)" y1="\(text(foot))" y2="\(text(foot + 4))"/>
        <text class="tick" x="\(place)" y="\(text(foot + 18))" text-anchor="middle">\
        \(chart.horizontal.label(tick))</text>

        """
    }
    return parts + """
      <text class="tick" x="\(text(x(0.5)))" y="\(text(foot + 36))" text-anchor="middle">\
      epoch</text>

      """
  }

  private var curves: String {
    chart.series.map { series in
      let points = chart.points(of: series)
      let path = points.map { "\(text(x($0.x))),\(text(y($0.y)))" }.joined(separator: " ")
      let line = "<polyline class=\"curve \(series.name)\" points=\"\(path)\"/>\n"
      guard chart.hasDots else { return line }
      return line + dots(of: series)
    }.joined()
  }

  private func dots(of series: Chart.Series) -> String {
    series.values.enumerated().filter { $0.element.isFinite }.map { index, value in
      let place = text(x(chart.horizontal.share(of: Double(index + 1))))
      let height = text(y(chart.vertical.share(of: value)))
      return """
        <circle class="dot \(series.name)" cx="\(place)" cy="\(height)" r="3.4"><title>\
        epoch \(index + 1): \(series.name) \(Decimals.significant(value, 4))</title></circle>

        """
    }.joined()
  }

  private var legend: String {
    guard chart.series.count > 1 else { return "" }
    var place = x(1)
    return chart.series.reversed().map { series in
      // About seven units a letter: only room to the left of right-aligned words depends on it.
      let end = place
      let start = end - Double(series.name.count) * 7 - 24
      place = start - 16
      return """
        <line class="curve \(series.name)" x1="\(text(start))" x2="\(text(start + 16))" y1="18" \
        y2="18"/>
        <text class="legend" x="\(text(start + 22))" y="22">\(series.name)</text>

        """
    }.joined()
  }
}
