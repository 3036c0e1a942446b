import Networks

/// Covers a part of an image, place by place, and measures what that costs a class.
///
/// The cover is 0 in the network's own units: the mean colour where the input is normalised, black
/// where it is not.
struct Occlusion {
  static let batch = 16
  private let context: ExecutionContext
  private let patch: Extent
  private let placesPerSide: Int

  init(plan: Plan, patch: Extent, placesPerSide: Int, threads: Int) throws {
    context = try ExecutionContext(plan: plan, maximumBatch: Self.batch, threads: threads)
    self.patch = patch
    self.placesPerSide = placesPerSide
  }

  private var input: TensorShape { context.plan.network.input }

  /// The rows, or columns, of each patch: as many patches as cells of a grid over the extent, each
  /// in the middle of its cell and cut at the border.
  private func spans(_ extent: Int, _ size: Int) -> [Range<Int>] {
    let count = min(placesPerSide, extent)
    return (0..<count).map { index in
      let start = (2 * index + 1) * extent / (2 * count) - size / 2
      return max(start, 0)..<min(start + size, extent)
    }
  }

  /// For each class the log-probability that it loses while a patch is covered, at the patch's
  /// middle; in between interpolated.
  func maps(
    for classes: [Int], input pixels: [Float], progress: (Int) -> Void
  ) throws -> [[Float]] {
    let whole = losses(try context.run(pixels), classes)[0]
    let (rows, columns) = (spans(input.height, patch.height), spans(input.width, patch.width))
    let places = rows.flatMap { row in columns.map { (rows: row, columns: $0) } }
    var lost = [[Float]](repeating: [], count: classes.count)
    for start in stride(from: 0, to: places.count, by: Self.batch) {
      let group = places[start..<min(start + Self.batch, places.count)]
      let covered = group.flatMap { covering($0.rows, $0.columns, of: pixels) }
      for loss in losses(try context.run(covered, count: group.count), classes) {
        for position in classes.indices { lost[position].append(loss[position] - whole[position]) }
      }
      progress(start + group.count)
    }
    return lost.map { grid in
      Bilinear.enlarged(
        grid, height: rows.count, width: columns.count, toHeight: input.height,
        toWidth: input.width)
    }
  }

  private func covering(_ rows: Range<Int>, _ columns: Range<Int>, of pixels: [Float]) -> [Float] {
    var result = pixels
    for channel in 0..<input.channels {
      for row in rows {
        let start = (channel * input.height + row) * input.width
        for column in columns { result[start + column] = 0 }
      }
    }
    return result
  }

  /// For each image the cross-entropy of each class.
  private func losses(_ logits: [Float], _ classes: [Int]) -> [[Float]] {
    let count = context.plan.network.classCount
    return stride(from: 0, to: logits.count, by: count).map { start in
      let row = logits[start..<start + count]
      return classes.map { Float(Softmax.crossEntropy(row, label: $0)) }
    }
  }
}
