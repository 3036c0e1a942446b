/// Steps that some images of a batch go through before the next do, so that what one step writes is
/// still in the cache when the next reads it. Images have arenas of their own, so that their order
/// does not matter.
struct Wave: Sendable, Hashable {
  let steps: Range<Int>
  /// Images at a time.
  let images: Int

  /// Bytes of activations that a step may read and write for all images of a wave: a part of a
  /// third-level cache that others use too.
  private static let limit = 8 << 20

  /// The waves of a program: as many images as the largest step from there on allows, in powers of
  /// two. Networks shrink towards their end, where weights grow: there a batch goes together.
  ///
  /// - Parameter activations: Bytes that each step reads and writes for one image.
  /// - Returns: Waves that together are all steps, in order.
  static func waves(activations: [Int]) -> [Wave] {
    var largest = 1
    let images = activations.reversed().map { count in
      largest = max(largest, count)
      let fitting = max(1, limit / largest)
      return 1 << (Int.bitWidth - 1 - fitting.leadingZeroBitCount)
    }
    var waves: [Wave] = []
    for (step, images) in images.reversed().enumerated() {
      if let last = waves.last, last.images == images {
        waves[waves.count - 1] = Wave(steps: last.steps.lowerBound..<step + 1, images: images)
      } else {
        waves.append(Wave(steps: step..<step + 1, images: images))
      }
    }
    return waves
  }
}
