import Files

/// A data set in two parts: what is learned from, and what tells how well.
public struct DataSource: Sendable {
  /// Images to learn from.
  public var train: any ImageDataset
  /// Images to test with, of the same classes.
  public var test: any ImageDataset

  /// Two parts of the same classes.
  public init(train: any ImageDataset, test: any ImageDataset) {
    self.train = train
    self.test = test
  }

  /// 3 if any image of either part has colour, else 1.
  public var channels: Int { max(train.channels, test.channels) }

  /// The classes' names by index.
  public var classNames: [String] { train.classNames }

  /// Opens a folder: MNIST's four IDX files (gzip or not; the classes are "0" to "9"), or `train/`
  /// and `test/` (or `val/`) with a folder of PNG files for each class, or class folders directly,
  /// of which a seeded tenth becomes the test part.
  ///
  /// - Parameters:
  ///   - directory: The folder.
  ///   - seed: Decides the tenth.
  /// - Returns: Both parts.
  /// - Throws: `DatasetError`, or `ImageError` of an image that is damaged up to its first pixels.
  public static func open(directory: String, seed: UInt64 = 0) throws -> DataSource {
    let kind = FileStatus.kind(of: directory)
    guard kind == .folder else {
      let reason = kind == nil ? "no such folder" : "not a folder"
      throw DatasetError.cannotOpen(path: directory, reason: reason)
    }
    if idxNames.contains(where: { idxPath(directory: directory, name: $0) != nil }) {
      return try idx(directory: directory, classNames: (0..<10).map(String.init))
    }
    return try folders(directory: directory, seed: seed)
  }
}
