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
    let change = Change(
      flips: random.nextInt(below: 2) == 1,
      down: random.nextInt(below: 2 * (height / 8) + 1) - height / 8,
      right: random.nextInt(below: 2 * (width / 8) + 1) - width / 8)
    for channel in 0..<preprocessing.channels {
      let target = UnsafeMutableBufferPointer(
        rebasing: tensor[channel * height * width..<(channel + 1) * height * width])
      plane.withUnsafeMutableBufferPointer { plane in
        _ = plane.update(fromContentsOf: target)
        change.apply(
          from: UnsafeBufferPointer(plane), to: target, height: height, width: width,
          background: preprocessing.normalizedBackground(channel: channel))
      }
    }
  }

  /// A flip, and the place of the crop relative to the image.
  private struct Change {
    let flips: Bool
    let down: Int
    let right: Int

    func apply(
      from source: UnsafeBufferPointer<Float>, to target: UnsafeMutableBufferPointer<Float>,
      height: Int, width: Int, background: Float
    ) {
      target.update(repeating: background)
      let columns = max(0, -right)..<min(width, width - right)
      for y in max(0, -down)..<min(height, height - down) {
        let row = (y + down) * width
        if flips {
          let last = row + width - 1 - right
          for x in columns { target[y * width + x] = source[last - x] }
        } else {
          for x in columns { target[y * width + x] = source[row + right + x] }
        }
      }
    }
  }
}

extension Preprocessing {
  /// What the background becomes in the tensor.
  fileprivate func normalizedBackground(channel: Int) -> Float {
    (background[channel] - mean[channel]) / std[channel]
  }
}
