extension ImageDataset {
  /// A random part that is spread over the classes: they take turns, each giving its next image in a
  /// random order, until there are enough or none is left.
  ///
  /// - Parameters:
  ///   - count: How many images; more than there are gives all.
  ///   - seed: Decides which.
  ///   - purpose: Keeps choices of different purposes apart.
  /// - Returns: Indices, each once, in the order of the turns.
  public func spread(
    _ count: Int, seed: UInt64, purpose: CounterRandom.Purpose = .calibration
  ) -> [Int] {
    var generator = CounterRandom(seed: seed, purpose: purpose)
    var queues: [Int: [Int]] = [:]
    for index in generator.nextPermutation(of: self.count) {
      queues[label(at: index), default: []].append(index)
    }
    let classes = queues.sorted { $0.key < $1.key }.map(\.value)
    var result: [Int] = []
    for turn in 0..<(classes.map(\.count).max() ?? 0) {
      for images in classes where turn < images.count {
        guard result.count < count else { return result }
        result.append(images[turn])
      }
    }
    return result
  }
}
