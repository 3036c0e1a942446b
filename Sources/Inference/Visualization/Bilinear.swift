import Images

/// Enlarging a map as images are: by bilinear interpolation with half-pixel centres.
package enum Bilinear {
  /// Enlarges a map.
  ///
  /// - Parameters:
  ///   - map: `height × width` values, row-major.
  ///   - height: The map's rows.
  ///   - width: The map's columns.
  ///   - toHeight: Rows of the result.
  ///   - toWidth: Columns of the result.
  /// - Returns: `toHeight × toWidth` values.
  package static func enlarged(
    _ map: [Float], height: Int, width: Int, toHeight: Int, toWidth: Int
  ) -> [Float] {
    precondition(height > 0 && width > 0 && map.count == height * width)
    let rows = ResizeAxis(source: height, resized: toHeight, length: toHeight)
    let columns = ResizeAxis(source: width, resized: toWidth, length: toWidth)
    var result: [Float] = []
    result.reserveCapacity(toHeight * toWidth)
    for row in 0..<toHeight {
      for column in 0..<toWidth {
        var sum: Float = 0
        for (y, rowShare) in rows.taps(row) {
          for (x, columnShare) in columns.taps(column) {
            sum += rowShare * columnShare * map[y * width + x]
          }
        }
        result.append(sum)
      }
    }
    return result
  }
}
