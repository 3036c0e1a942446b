public import Images

/// Some images of another data set, in an order of their own.
public struct DatasetSubset: ImageDataset {
  private let base: any ImageDataset
  private let indices: [Int]

  /// A view.
  ///
  /// - Parameters:
  ///   - base: The data set to look into.
  ///   - indices: Indices into `base`.
  public init(of base: any ImageDataset, indices: [Int]) {
    precondition(indices.allSatisfy((0..<base.count).contains))
    self.base = base
    self.indices = indices
  }

  /// Where the images come from.
  public var source: String { base.source }
  /// The number of images.
  public var count: Int { indices.count }
  /// The base's.
  public var channels: Int { base.channels }
  /// The base's.
  public var classNames: [String] { base.classNames }

  /// The class of an image.
  ///
  /// - Parameter index: From 0 to `count`, exclusive.
  /// - Returns: An index into `classNames`.
  public func label(at index: Int) -> Int { base.label(at: indices[index]) }

  /// Decodes an image.
  ///
  /// - Parameter index: From 0 to `count`, exclusive.
  /// - Returns: The image as stored.
  /// - Throws: `ImageError` where its file is damaged or gone.
  public func image(at index: Int) throws -> Image { try base.image(at: indices[index]) }
}

extension ImageDataset {
  /// The first images, in the order of the file.
  ///
  /// - Parameter count: How many; more than there are gives all.
  /// - Returns: A view.
  public func prefix(_ count: Int) -> any ImageDataset {
    count >= self.count ? self : DatasetSubset(of: self, indices: Array(0..<max(count, 0)))
  }

  /// Sets a random part aside; both parts keep the order of the file.
  ///
  /// - Parameters:
  ///   - fraction: Of the images, between 0 and 1; rounded to the nearest number of images,
  ///     at least one.
  ///   - seed: Decides which.
  ///   - purpose: Keeps splits of different purposes apart.
  /// - Returns: The images that remain, and those set aside.
  /// - Throws: `DatasetError.cannotSplit` where a part would be empty.
  public func split(
    fraction: Double, seed: UInt64, purpose: CounterRandom.Purpose = .validationSplit
  ) throws -> (rest: any ImageDataset, part: any ImageDataset) {
    let isFraction = fraction > 0 && fraction < 1
    let size = isFraction ? max(Int((Double(count) * fraction).rounded()), 1) : 0
    guard size >= 1, size < count else {
      throw DatasetError.cannotSplit(source: source, count: count, fraction: fraction)
    }
    var generator = CounterRandom(seed: seed, purpose: purpose)
    let order = generator.nextPermutation(of: count)
    return (
      DatasetSubset(of: self, indices: order[size...].sorted()),
      DatasetSubset(of: self, indices: order[..<size].sorted())
    )
  }
}
