extension CounterRandom {
  /// What random numbers are for: one family of streams each. The numbers are part of what makes
  /// runs repeatable, so they never change.
  public enum Purpose: UInt64, Sendable, CaseIterable {
    /// The order of an epoch's images.
    case shuffle = 1
    /// Flips and crops of an image.
    case augmentation = 2
    /// Which images are held out for validation.
    case validationSplit = 3
    /// Which images of class folders are the test part.
    case testSplit = 4
    /// How weights start.
    case weights = 5
    /// Which activations dropout drops.
    case dropout = 6
    /// Which images calibrate a quantised network.
    case calibration = 7
  }

  /// The stream of a purpose at given coordinates: an epoch, a step, an image, a layer.
  ///
  /// - Parameters:
  ///   - seed: Distinguishes runs.
  ///   - purpose: What the numbers are for.
  ///   - coordinates: Where in the run; equal coordinates give equal numbers.
  public init(seed: UInt64, purpose: Purpose, _ coordinates: UInt64...) {
    // Philox itself folds the coordinates, under another key than the numbers' own.
    let folding = seed ^ 0x6A09_E667_F3BC_C908  // the fraction of √2
    let stream = coordinates.reduce(purpose.rawValue) { folded, coordinate in
      var generator = CounterRandom(seed: folding, stream: folded, position: coordinate << 2)
      return generator.next()
    }
    self.init(seed: seed, stream: stream)
  }

  /// The order in which an epoch visits the images of a training part.
  ///
  /// - Parameters:
  ///   - count: The number of images.
  ///   - seed: The run's seed.
  ///   - epoch: Whole epochs done before.
  /// - Returns: A permutation of `0..<count`.
  public static func epochOrder(count: Int, seed: UInt64, epoch: Int) -> [Int] {
    var generator = CounterRandom(
      seed: seed, purpose: .shuffle, UInt64(truncatingIfNeeded: epoch))
    return generator.nextPermutation(of: count)
  }
}
