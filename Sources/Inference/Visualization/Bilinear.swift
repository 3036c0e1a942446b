/// Enlarging a map by bilinear interpolation with half-pixel centres, borders repeated.
public enum Bilinear {
  /// Enlarges a map.
  ///
  /// - Parameters:
  ///   - map: `height × width` values, row-major.
  ///   - height: The map's rows.
  ///   - width: The map's columns.
  ///   - toHeight: Rows of the result.
  ///   - toWidth: Columns of the result.
  /// - Returns: `toHeight × toWidth` values.
  public static func enlarged(
    _ map: [Float], height: Int, width: Int, toHeight: Int, toWidth: Int
  ) -> [Float] {
    precondition(height > 0 && width > 0 && map.count == height * width)
    let rows = taps(height, toHeight)
    let columns = taps(width, toWidth)
    var result: [Float] = []
    result.reserveCapacity(toHeight * toWidth)
    for row in rows {
      for column in columns {
        func value(_ y: Int, _ x: Int) -> Float { map[y * width + x] }
        let upper =
          value(row.first, column.first) * (1 - column.share)
          + value(row.first, column.second) * column.share
        let lower =
          value(row.second, column.first) * (1 - column.share)
          + value(row.second, column.second) * column.share
        result.append(upper * (1 - row.share) + lower * row.share)
      }
    }
    return result
  }

  /// For each place of the result the two it lies between, and the second's share.
  private static func taps(_ size: Int, _ target: Int) -> [(first: Int, second: Int, share: Float)]
  {
    (0..<target).map { index in
      let centre = (Float(index) + 0.5) * Float(size) / Float(target) - 0.5
      let place = min(max(centre, 0), Float(size - 1))
      let first = Int(place)
      return (first, min(first + 1, size - 1), place - Float(first))
    }
  }
}
