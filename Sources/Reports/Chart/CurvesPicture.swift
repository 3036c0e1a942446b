/// Charts beside each other as pixels: what `--report` writes as a PNG.
struct CurvesPicture {
  private static let panel = (width: 900, height: 640)
  private static let left = 110.0
  private static let right = 40.0
  private static let top = 110.0
  private static let bottom = 90.0
  private static let grid = Color(hex: 0xE4_E7EC)
  private static let axis = Color(hex: 0x98_A2B3)
  private static let text = Color(hex: 0x34_4054)

  private var canvas: Canvas

  /// Draws charts from left to right.
  init(_ charts: [Chart]) {
    canvas = Canvas(
      width: Self.panel.width * max(charts.count, 1), height: Self.panel.height,
      background: Color(hex: 0xFF_FFFF))
    for (index, chart) in charts.enumerated() {
      draw(chart, from: Double(index * Self.panel.width))
    }
  }

  /// What was drawn.
  var picture: Picture { canvas.picture }

  static func color(_ role: Chart.Role) -> Color {
    switch role {
    case .train: Color(hex: 0x25_63EB)
    case .validation: Color(hex: 0x05_9669)
    case .test: Color(hex: 0xEA_580C)
    case .other: Color(hex: 0x7C_3AED)
    }
  }

  private func place(_ x: Double, _ y: Double, _ start: Double) -> Place {
    let width = Double(Self.panel.width) - Self.left - Self.right
    let height = Double(Self.panel.height) - Self.top - Self.bottom
    return Place(x: start + Self.left + x * width, y: Self.top + (1 - y) * height)
  }

  private mutating func draw(_ chart: Chart, from start: Double) {
    drawAxes(chart, start)
    for series in chart.series {
      let places = chart.points(of: series).map { place($0.x, $0.y, start) }
      canvas.line(places, width: 4, Self.color(series.role))
      guard chart.hasDots else { continue }
      for place in places {
        canvas.dot(place, radius: 7.5, Color(hex: 0xFF_FFFF))
        canvas.dot(place, radius: 5.5, Self.color(series.role))
      }
    }
    drawHead(chart, start)
  }

  private mutating func drawAxes(_ chart: Chart, _ start: Double) {
    for tick in chart.vertical.ticks {
      let y = chart.vertical.share(of: tick)
      let (from, to) = (place(0, y, start), place(1, y, start))
      canvas.line([from, to], width: 1.5, Self.grid)
      write(
        chart.vertical.label(tick), Place(x: from.x - 18, y: from.y + 8), size: 16, align: 1,
        Self.text)
    }
    let (from, to) = (place(0, 0, start), place(1, 0, start))
    canvas.line([from, to], width: 2, Self.axis)
    for tick in chart.horizontal.ticks {
      let foot = place(chart.horizontal.share(of: tick), 0, start)
      canvas.line([foot, Place(x: foot.x, y: foot.y + 7)], width: 2, Self.axis)
      write(
        chart.horizontal.label(tick), Place(x: foot.x, y: foot.y + 32), size: 16, align: 0.5,
        Self.text)
    }
    let middle = place(0.5, 0, start)
    write("epoch", Place(x: middle.x, y: middle.y + 66), size: 17, align: 0.5, Self.text)
  }

  /// The title, and each curve's colour with its name.
  private mutating func drawHead(_ chart: Chart, _ start: Double) {
    let origin = place(0, 1, start)
    write(
      chart.title, Place(x: origin.x, y: origin.y - 46), size: 26, align: 0, Self.text, weight: 3)
    var x = place(1, 1, start).x
    for series in chart.series.reversed() {
      let width = StrokeFont.width(of: series.name) * 18 / StrokeFont.capHeight
      x -= width
      write(series.name, Place(x: x, y: origin.y - 46), size: 18, align: 0, Self.text)
      let sample = Place(x: x - 44, y: origin.y - 53)
      canvas.line(
        [sample, Place(x: sample.x + 28, y: sample.y)], width: 5, Self.color(series.role))
      x = sample.x - 36
    }
  }

  private mutating func write(
    _ text: String, _ origin: Place, size: Double, align: Double, _ color: Color, weight: Double = 2
  ) {
    let width = StrokeFont.width(of: text) * size / StrokeFont.capHeight
    let start = Place(x: origin.x - width * align, y: origin.y)
    for stroke in StrokeFont.strokes(text, at: start, size: size) {
      canvas.line(stroke, width: weight, color)
    }
  }
}
