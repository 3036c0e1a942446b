/// The weights that resample one axis with the triangle (bilinear) filter, half-pixel centres, made
/// wider when the axis shrinks: antialiasing, as torchvision's `resize(antialias=True)` and Pillow
/// do it.
///
/// Output position `i` reads `counts[i]` source positions from `starts[i]` on, with the weights
/// `weights[i × stride ..< i × stride + counts[i]]`; the rest of the stride is zeros. Positions
/// outside the resized image read nothing.
package struct ResizeAxis {
  /// The first source position of each output position; never decreases.
  private(set) var starts: [Int] = []
  /// The number of source positions; 0 in padding.
  private(set) var counts: [Int] = []
  /// `stride` for each output position.
  private(set) var weights: [Float] = []
  /// 2 where no position reads more than two (enlarging), else a multiple of 8.
  private(set) var stride = 2

  /// Computes weights.
  ///
  /// - Parameters:
  ///   - source: The extent of the source, at least 1.
  ///   - resized: The extent of the whole resized image, at least 1.
  ///   - offset: The resized position of the first output; negative where padding comes first.
  ///   - length: The number of outputs.
  package init(source: Int, resized: Int, offset: Int = 0, length: Int) {
    starts.reserveCapacity(length)
    counts.reserveCapacity(length)
    let scale = Double(source) / Double(resized)
    // The triangle's half width in source pixels (Heckbert 1989, §3.5: the wider of the two grids).
    let support = max(scale, 1)
    stride = support > 1 ? (Int(support.rounded(.up)) * 2 + 1 + 7) / 8 * 8 : 2
    weights = Array(repeating: 0, count: length * stride)
    var taps: [Double] = []
    for output in 0..<length {
      let position = output + offset
      guard (0..<resized).contains(position) else {
        starts.append(position < 0 ? 0 : source)
        counts.append(0)
        continue
      }
      let center = scale * (Double(position) + 0.5)
      let first = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), source)
      taps.removeAll(keepingCapacity: true)
      for tap in first..<max(end, first) {
        taps.append(max(0, 1 - abs(Double(tap) + 0.5 - center) / support))
      }
      append(taps, first: first, output: output)
    }
  }

  /// The source positions that an output position reads, with their weights.
  ///
  /// - Parameter position: The output position.
  /// - Returns: None in padding.
  package func taps(_ position: Int) -> [(source: Int, weight: Float)] {
    (0..<counts[position]).map {
      (starts[position] + $0, weights[position * stride + $0])
    }
  }

  // Drops taps of weight zero at both ends and normalises the sum to one.
  private mutating func append(_ taps: [Double], first: Int, output: Int) {
    let leading = taps.prefix { $0 == 0 }.count
    let trailing = taps.reversed().prefix { $0 == 0 }.count
    let used = taps[leading..<max(leading, taps.count - trailing)]
    let total = used.reduce(0, +)
    starts.append(first + leading)
    counts.append(min(used.count, stride))
    for (index, tap) in used.prefix(stride).enumerated() {
      weights[output * stride + index] = Float(tap / total)
    }
  }
}
