/// The filters of a convolution, to look at.
package enum FilterPictures {
  /// Draws each filter on a scale of its own: zero is middle gray, its largest magnitude black or white.
  ///
  /// Three input channels are shown as colours, other numbers of channels as their mean.
  ///
  /// - Parameters:
  ///   - weight: `[O, I, kH, kW]`.
  ///   - shape: Its four extents.
  ///   - limit: The most filters that are drawn, the first ones.
  /// - Returns: One picture per filter, one pixel per tap.
  package static func pictures(_ weight: [Float], shape: [Int], limit: Int = .max) -> [Picture] {
    precondition(shape.count == 4 && weight.count == shape.reduce(1, *))
    let size = shape[1] * shape[2] * shape[3]
    return (0..<min(shape[0], limit)).map { filter in
      picture(
        weight[filter * size..<(filter + 1) * size], channels: shape[1], height: shape[2],
        width: shape[3])
    }
  }

  private static func picture(
    _ filter: ArraySlice<Float>, channels: Int, height: Int, width: Int
  ) -> Picture {
    let area = height * width
    let peak = filter.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
    return Picture(width: width, height: height) { x, y in
      let tap = filter.startIndex + y * width + x
      func share(_ parts: Range<Int>) -> Float {
        // Shares of the peak first: sums of large weights would overflow.
        let sum = parts.reduce(Float(0)) { $0 + filter[tap + $1 * area] / peak }
        return 0.5 + 0.5 * sum / Float(parts.count)
      }
      if channels == 3 { return Color(share(0..<1), share(1..<2), share(2..<3)) }
      let mean = share(0..<channels)
      return Color(mean, mean, mean)
    }
  }
}
