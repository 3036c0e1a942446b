/// A place on a canvas in pixels, from the upper left corner.
struct Place {
  var x: Double
  var y: Double
}

/// Pixels that are drawn on with smooth edges.
struct Canvas {
  let width: Int
  let height: Int
  private var pixels: [Double]

  init(width: Int, height: Int, background: Color) {
    self.width = width
    self.height = height
    pixels = (0..<width * height).flatMap { _ in background.parts }
  }

  /// A line through places, with round joints and ends.
  ///
  /// A pixel is covered by the share of it that lies within half the line's width: approximated by
  /// its centre's distance, which is exact for straight edges along the axes.
  mutating func line(_ places: [Place], width lineWidth: Double, _ color: Color) {
    guard let first = places.first else { return }
    let reach = lineWidth / 2 + 1
    let box = Box(places, margin: reach).clipped(width: width, height: height)
    guard !box.isEmpty else { return }
    var cover = [Double](repeating: 0, count: box.width * box.height)
    let ends = places.count == 1 ? [first] : Array(places.dropFirst())
    for (start, end) in zip(places, ends) {
      let part = Box([start, end], margin: reach).clipped(width: width, height: height)
      for y in part.rows {
        for x in part.columns {
          let distance = Self.distance(Double(x) + 0.5, Double(y) + 0.5, start, end)
          let share = min(max(lineWidth / 2 + 0.5 - distance, 0), 1)
          let index = (y - box.rows.lowerBound) * box.width + x - box.columns.lowerBound
          cover[index] = max(cover[index], share)
        }
      }
    }
    for y in box.rows {
      for x in box.columns {
        let index = (y - box.rows.lowerBound) * box.width + x - box.columns.lowerBound
        if cover[index] > 0 { blend(x, y, color, cover[index]) }
      }
    }
  }

  /// A filled circle.
  mutating func dot(_ centre: Place, radius: Double, _ color: Color) {
    line([centre], width: 2 * radius, color)
  }

  private mutating func blend(_ x: Int, _ y: Int, _ color: Color, _ share: Double) {
    let index = (y * width + x) * 3
    for (offset, part) in color.parts.enumerated() {
      pixels[index + offset] += share * (part - pixels[index + offset])
    }
  }

  private static func distance(_ x: Double, _ y: Double, _ start: Place, _ end: Place) -> Double {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let length = dx * dx + dy * dy
    let along = length > 0 ? ((x - start.x) * dx + (y - start.y) * dy) / length : 0
    let nearest = min(max(along, 0), 1)
    let (ex, ey) = (x - start.x - nearest * dx, y - start.y - nearest * dy)
    return (ex * ex + ey * ey).squareRoot()
  }

  /// What was drawn, as bytes.
  var picture: Picture {
    Picture(
      width: width, height: height, bytes: pixels.map { UInt8(min(max($0, 0), 255).rounded()) })
  }
}

/// Pixels that a figure may touch.
private struct Box {
  var columns: Range<Int>
  var rows: Range<Int>

  init(_ places: [Place], margin: Double) {
    func range(_ values: [Double]) -> Range<Int> {
      let lower = Int(((values.min() ?? 0) - margin).rounded(.down))
      return lower..<max(lower, Int(((values.max() ?? 0) + margin).rounded(.up)))
    }
    columns = range(places.map(\.x))
    rows = range(places.map(\.y))
  }

  var width: Int { columns.count }
  var height: Int { rows.count }
  var isEmpty: Bool { columns.isEmpty || rows.isEmpty }

  func clipped(width: Int, height: Int) -> Box {
    var box = self
    box.columns = columns.clamped(to: 0..<width)
    box.rows = rows.clamped(to: 0..<height)
    return box
  }
}

extension Color {
  /// Red, green and blue, from 0 to 255.
  fileprivate var parts: [Double] { [Double(red), Double(green), Double(blue)] }
}
