import Images

/// Pixels in red, green and blue that are painted one after another.
struct Picture {
  let width: Int
  let height: Int
  private var bytes: [UInt8]

  /// A white picture.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    bytes = [UInt8](repeating: 255, count: width * height * 3)
  }

  /// A picture of a colour for each place.
  init(width: Int, height: Int, _ color: (_ x: Int, _ y: Int) -> Color) {
    self.init(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width { self[x, y] = color(x, y) }
    }
  }

  subscript(x: Int, y: Int) -> Color {
    get {
      let start = (y * width + x) * 3
      return Color(red: bytes[start], green: bytes[start + 1], blue: bytes[start + 2])
    }
    set {
      let start = (y * width + x) * 3
      (bytes[start], bytes[start + 1], bytes[start + 2]) = (
        newValue.red, newValue.green, newValue.blue
      )
    }
  }

  /// Every pixel as a square of pixels.
  func enlarged(_ factor: Int) -> Picture {
    Picture(width: width * factor, height: height * factor) { self[$0 / factor, $1 / factor] }
  }

  /// Pictures of one size in a grid, white lines between them.
  static func grid(_ tiles: [Picture], columns: Int, gap: Int) -> Picture {
    guard let first = tiles.first else { return Picture(width: 1, height: 1) }
    let columns = min(columns, tiles.count)
    let rows = (tiles.count + columns - 1) / columns
    let (stepX, stepY) = (first.width + gap, first.height + gap)
    var result = Picture(width: columns * stepX - gap, height: rows * stepY - gap)
    for (index, tile) in tiles.enumerated() {
      let (left, top) = (index % columns * stepX, index / columns * stepY)
      for y in 0..<tile.height {
        for x in 0..<tile.width { result[left + x, top + y] = tile[x, y] }
      }
    }
    return result
  }

  /// For writing.
  var image: Image { Image(width: width, height: height, rgb: bytes) }
}

/// Red, green and blue, a byte each.
struct Color {
  var red, green, blue: UInt8

  /// A colour of bytes.
  init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// A colour of shares from 0 to 1; what is beyond is cut off.
  init(_ red: Float, _ green: Float, _ blue: Float) {
    // What is no number is black.
    func byte(_ share: Float) -> UInt8 {
      share.isNaN ? 0 : UInt8(min(max(share, 0), 1) * 255 + 0.5)
    }
    self.init(red: byte(red), green: byte(green), blue: byte(blue))
  }

  /// From black over violet, red and orange to pale yellow, its lightness growing evenly.
  static func heat(_ value: Float) -> Color {
    let anchors: [(Float, Float, Float)] = [
      (0.00, 0.00, 0.02), (0.22, 0.06, 0.38), (0.53, 0.13, 0.43), (0.83, 0.28, 0.29),
      (0.97, 0.56, 0.15), (0.99, 0.98, 0.72),
    ]
    guard value.isFinite else { return Color(red: 0, green: 0, blue: 0) }
    let place = min(max(value, 0), 1) * Float(anchors.count - 1)
    let index = min(Int(place), anchors.count - 2)
    let share = place - Float(index)
    let (from, to) = (anchors[index], anchors[index + 1])
    func mix(_ a: Float, _ b: Float) -> Float { a + (b - a) * share }
    return Color(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
  }

  /// This colour with a share of another over it.
  func blended(with other: Color, share: Float) -> Color {
    func mix(_ a: UInt8, _ b: UInt8) -> Float { (Float(a) + (Float(b) - Float(a)) * share) / 255 }
    return Color(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }
}
