import Networks

/// Applies an augmentation, as a function of seed, epoch and image alone: neither threads nor the
/// place where a run resumes have an influence.
final class Augmenter {
  private let augmentation: Augmentation
  private let preprocessing: Preprocessing
  private let seed: UInt64
  private let epoch: Int
  private var plane: [Float]

  init(_ augmentation: Augmentation, preprocessing: Preprocessing, seed: UInt64, epoch: Int) {
    self.augmentation = augmentation
    self.preprocessing = preprocessing
    self.seed = seed
    self.epoch = epoch
    let area = preprocessing.height * preprocessing.width
    plane = Array(repeating: 0, count: augmentation == .none ? 0 : area)
  }

  /// Changes a tensor `[C, H, W]` in place.
  ///
  /// - Parameters:
  ///   - tensor: The preprocessed image.
  ///   - index: The image's index in the data set.
  func apply(to tensor: UnsafeMutableBufferPointer<Float>, index: Int) {
    switch augmentation {
    case .none: return
    case .flipCrop: flipCrop(tensor, index: index)
    }
  }

  private func flipCrop(_ tensor: UnsafeMutableBufferPointer<Float>, index: Int) {
    var random = CounterRandom(
      seed: seed, purpose: .augmentation, UInt64(truncatingIfNeeded: epoch),
      UInt64(truncatingIfNeeded: index))
    let (height, width) = (preprocessing.height, preprocessing.width)
    let flips = random.nextInt(below: 2) == 1
    let down = random.nextInt(below: 2 * (height / 8) + 1) - height / 8
    let right = random.nextInt(below: 2 * (width / 8) + 1) - width / 8
    for channel in 0..<preprocessing.channels {
      let target = UnsafeMutableBufferPointer(
        rebasing: tensor[channel * height * width..<(channel + 1) * height * width])
      plane.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: target) }
      let background =
        (preprocessing.background[channel] - preprocessing.mean[channel])
        / preprocessing.std[channel]
      target.update(repeating: background)
      for y in max(0, -down)..<min(height, height - down) {
        for x in max(0, -right)..<min(width, width - right) {
          let column = x + right
          let source = (y + down) * width + (flips ? width - 1 - column : column)
          target[y * width + x] = plane[source]
        }
      }
    }
  }
}
