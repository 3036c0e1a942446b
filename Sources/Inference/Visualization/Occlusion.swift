import Networks

/// Covers a part of an image, place by place, and measures what that costs a class.
///
/// The cover is 0 in the network's own units: the mean colour where the input is normalised, black
/// where it is not.
struct Occlusion {
  private static let batch = 16
  private let context: ExecutionContext
  private let patch: Extent
  private let placesPerSide: Int

  init(plan: Plan, patch: Extent, placesPerSide: Int, threads: Int) throws {
    context = try ExecutionContext(plan: plan, maximumBatch: Self.batch, threads: threads)
    self.patch = patch
    self.placesPerSide = placesPerSide
  }

  private var input: TensorShape { context.plan.network.input }

  /// The first row, or column, of each patch: evenly spread from border to border.
  private func starts(_ extent: Int, _ size: Int) -> [Int] {
    let room = extent - size
    let count = min(placesPerSide, room + 1)
    guard count > 1 else { return [room / 2] }
    return (0..<count).map { ($0 * room + (count - 1) / 2) / (count - 1) }
  }

  /// For each class the log-probability that it loses while a patch is covered, at the patch's
  /// centre; between the centres interpolated.
  func maps(
    for classes: [Int], input pixels: [Float], progress: (Int) -> Void
  ) throws -> [[Float]] {
    let whole = losses(try context.run(pixels), classes)[0]
    let (tops, lefts) = (starts(input.height, patch.height), starts(input.width, patch.width))
    let places = tops.flatMap { top in lefts.map { (top: top, left: $0) } }
    var lost = [[Float]](repeating: [], count: classes.count)
    for start in stride(from: 0, to: places.count, by: Self.batch) {
      let group = places[start..<min(start + Self.batch, places.count)]
      let covered = group.flatMap { covering($0, of: pixels) }
      for loss in losses(try context.run(covered, count: group.count), classes) {
        for position in classes.indices { lost[position].append(loss[position] - whole[position]) }
      }
      progress(start + group.count)
    }
    let inner = (
      height: (tops.last ?? 0) - (tops.first ?? 0) + 1,
      width: (lefts.last ?? 0) - (lefts.first ?? 0) + 1
    )
    return lost.map { grid in
      let map = Bilinear.enlarged(
        grid, height: tops.count, width: lefts.count, toHeight: inner.height, toWidth: inner.width)
      return framed(map, inner.height, inner.width)
    }
  }

  /// The map at the patches' centres, its border repeated to the input's.
  private func framed(_ map: [Float], _ height: Int, _ width: Int) -> [Float] {
    let (top, left) = (patch.height / 2, patch.width / 2)
    return (0..<input.height).flatMap { y in
      let row = min(max(y - top, 0), height - 1)
      return (0..<input.width).map { x in map[row * width + min(max(x - left, 0), width - 1)] }
    }
  }

  private func covering(_ place: (top: Int, left: Int), of pixels: [Float]) -> [Float] {
    var result = pixels
    for channel in 0..<input.channels {
      for row in place.top..<place.top + patch.height {
        let start = (channel * input.height + row) * input.width + place.left
        for index in start..<start + patch.width { result[index] = 0 }
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
