#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The digits and letters that the curves' captions need, drawn as strokes.
///
/// A digit is 6 units high, a small letter 4.2, the base line is 0.
enum StrokeFont {
  /// A character's strokes, and how far the next one is moved.
  struct Glyph {
    let width: Double
    let strokes: [[Place]]
  }

  /// The height of a digit in units.
  static let capHeight = 6.0
  private static let spacing = 1.5

  /// The width of a text in units.
  static func width(of text: String) -> Double {
    text.reduce(-spacing) { $0 + (glyphs[$1]?.width ?? 2) + spacing }
  }

  /// The strokes of a text whose base line begins at a place; `size` is a digit's height in pixels.
  static func strokes(_ text: String, at origin: Place, size: Double) -> [[Place]] {
    let unit = size / capHeight
    var x = origin.x
    var result: [[Place]] = []
    for character in text {
      if let glyph = glyphs[character] {
        result += glyph.strokes.map { stroke in
          stroke.map { Place(x: x + $0.x * unit, y: origin.y - $0.y * unit) }
        }
      }
      x += ((glyphs[character]?.width ?? 2) + spacing) * unit
    }
    return result
  }

  private static func line(_ numbers: Double...) -> [Place] {
    stride(from: 0, to: numbers.count - 1, by: 2).map { Place(x: numbers[$0], y: numbers[$0 + 1]) }
  }

  /// An arc of an ellipse; angles in degrees, counterclockwise from the right.
  private static func arc(
    _ x: Double, _ y: Double, _ rx: Double, _ ry: Double, _ from: Double = 0, _ to: Double = 360
  ) -> [Place] {
    (0...24).map { part in
      let angle = (from + (to - from) * Double(part) / 24) * .pi / 180
      return Place(x: x + rx * cos(angle), y: y + ry * sin(angle))
    }
  }

  private static let glyphs: [Character: Glyph] = digits.merging(letters) { first, _ in first }

  private static let digits: [Character: Glyph] = [
    "0": Glyph(width: 4, strokes: [arc(2, 3, 1.95, 3)]),
    "1": Glyph(width: 4, strokes: [line(0.7, 4.7, 2.3, 6, 2.3, 0)]),
    "2": Glyph(width: 4, strokes: [arc(2, 4.15, 1.85, 1.85, 170, -38) + line(0.1, 0, 4, 0)]),
    "3": Glyph(
      width: 4,
      strokes: [arc(1.9, 4.55, 1.6, 1.45, 150, -90) + arc(1.9, 1.55, 1.95, 1.55, 90, -152)]),
    "4": Glyph(width: 4, strokes: [line(3.1, 0, 3.1, 6, 0, 1.7, 4.1, 1.7)]),
    "5": Glyph(width: 4, strokes: [line(3.5, 6, 0.7, 6) + arc(1.95, 1.95, 1.95, 1.95, 138, -148)]),
    "6": Glyph(
      width: 4, strokes: [arc(2, 1.9, 1.9, 1.9), arc(3.3, 1.9, 3.2, 4.1, 96, 180)]),
    "7": Glyph(width: 4, strokes: [line(0.1, 6, 4, 6, 1.5, 0)]),
    "8": Glyph(width: 4, strokes: [arc(2, 4.5, 1.6, 1.5), arc(2, 1.5, 1.95, 1.5)]),
    "9": Glyph(
      width: 4, strokes: [arc(2, 4.1, 1.9, 1.9), arc(0.7, 4.1, 3.2, 4.1, 0, -84)]),
    ".": Glyph(width: 0.6, strokes: [line(0.3, 0.1, 0.3, 0.15)]),
    "-": Glyph(width: 2.6, strokes: [line(0.2, 2.4, 2.4, 2.4)]),
    "+": Glyph(width: 3.4, strokes: [line(0.2, 2.4, 3.2, 2.4), line(1.7, 0.9, 1.7, 3.9)]),
  ]

  private static let letters: [Character: Glyph] = [
    "a": Glyph(width: 3.5, strokes: [arc(1.75, 2.1, 1.75, 2.1), line(3.5, 4.2, 3.5, 0)]),
    "c": Glyph(width: 3.3, strokes: [arc(1.9, 2.1, 1.9, 2.1, 48, 312)]),
    "d": Glyph(width: 3.5, strokes: [arc(1.75, 2.1, 1.75, 2.1), line(3.5, 6.2, 3.5, 0)]),
    "e": Glyph(
      width: 3.7, strokes: [line(0.05, 2.1, 3.7, 2.1) + arc(1.87, 2.1, 1.85, 2.1, 0, 312)]),
    "h": Glyph(
      width: 3.3,
      strokes: [line(0, 6.2, 0, 0), arc(1.65, 2.5, 1.65, 1.7, 180, 0) + line(3.3, 0)]),
    "i": Glyph(width: 0.3, strokes: [line(0.1, 4.2, 0.1, 0), line(0.1, 5.8, 0.1, 5.85)]),
    "l": Glyph(width: 0.3, strokes: [line(0.1, 6.2, 0.1, 0)]),
    "n": Glyph(
      width: 3.3,
      strokes: [line(0, 4.2, 0, 0), arc(1.65, 2.5, 1.65, 1.7, 180, 0) + line(3.3, 0)]),
    "o": Glyph(width: 3.8, strokes: [arc(1.9, 2.1, 1.9, 2.1)]),
    "p": Glyph(width: 3.5, strokes: [line(0, 4.2, 0, -1.9), arc(1.75, 2.1, 1.75, 2.1)]),
    "r": Glyph(width: 2.1, strokes: [line(0, 4.2, 0, 0), arc(1.7, 2.4, 1.7, 1.8, 180, 75)]),
    "s": Glyph(
      width: 3.1,
      strokes: [arc(1.55, 3.2, 1.35, 1.0, 35, 270) + arc(1.55, 1.1, 1.5, 1.1, 90, -150)]),
    "t": Glyph(
      width: 2.3,
      strokes: [line(0.9, 5.5, 0.9, 1.2) + arc(2, 1.2, 1.1, 1.2, 180, 285), line(0, 4.2, 2.2, 4.2)]),
    "u": Glyph(
      width: 3.3,
      strokes: [line(0, 4.2) + arc(1.65, 1.7, 1.65, 1.7, 180, 360), line(3.3, 4.2, 3.3, 0)]),
    "v": Glyph(width: 3.5, strokes: [line(0, 4.2, 1.75, 0, 3.5, 4.2)]),
    "y": Glyph(width: 3.5, strokes: [line(0, 4.2, 1.75, 0.1), line(3.5, 4.2, 1.1, -1.9)]),
  ]
}
