internal import Images

/// Pixels in red, green and blue to paint on, rows from the top.
package struct Picture: Hashable, Sendable {
  /// Pixels in a row.
  package let width: Int
  /// Rows.
  package let height: Int
  private var bytes: [UInt8]

  /// A picture of bytes: `height × width × 3` of them.
  init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(bytes.count == width * height * 3)
    self.width = width
    self.height = height
    self.bytes = bytes
  }

  /// A white picture.
  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
    bytes = [UInt8](repeating: 255, count: width * height * 3)
  }

  /// A picture of a colour for each place.
  package init(width: Int, height: Int, _ color: (_ x: Int, _ y: Int) -> Color) {
    self.init(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width { self[x, y] = color(x, y) }
    }
  }

  /// The pixel of a column and a row.
  package subscript(x: Int, y: Int) -> Color {
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
  package func enlarged(_ factor: Int) -> Picture {
    Picture(width: width * factor, height: height * factor) { self[$0 / factor, $1 / factor] }
  }

  /// Pictures of one size in a grid, white lines between them.
  package static func grid(_ tiles: [Picture], columns: Int, gap: Int) -> Picture {
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

  /// For writing: gray where no pixel has a colour.
  var image: Image {
    let starts = stride(from: 0, to: bytes.count, by: 3)
    let isGray = starts.allSatisfy {
      bytes[$0] == bytes[$0 + 1] && bytes[$0] == bytes[$0 + 2]
    }
    return isGray
      ? Image(width: width, height: height, gray: starts.map { bytes[$0] })
      : Image(width: width, height: height, rgb: bytes)
  }

  /// Writes a PNG file in one step: a reader sees the old file or the new one, whole.
  ///
  /// - Parameter path: The file to make or to replace.
  /// - Throws: `ImageError`.
  package func write(pngFile path: String) throws { try image.write(pngFile: path) }
}
