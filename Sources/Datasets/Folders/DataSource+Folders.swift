extension DataSource {
  /// Opens `train/` and `test/` (or `val/`), or class folders of which a tenth becomes the test part.
  static func folders(directory: String, seed: UInt64) throws -> DataSource {
    let root = try ClassFolder(path: directory)
    let folders = root.folders
    let testName = ["test", "val"].first(where: folders.contains)
    // A class may be named "train": with folders in it, it is a part.
    if folders.contains("train"), try !ClassFolder(path: root.path(of: "train")).folders.isEmpty {
      guard let testName else { throw DatasetError.missingPart(directory: directory) }
      let train = try FolderDataset(directory: root.path(of: "train"))
      let test = try FolderDataset(
        directory: root.path(of: testName), classNames: train.classNames)
      return DataSource(train: train, test: test)
    }
    if folders.isEmpty && !root.names.contains(where: ClassFolder.isPNG) {
      throw DatasetError.nothingFound(directory: directory)
    }
    let all = try FolderDataset(directory: directory)
    let (train, test) = try all.split(fraction: 0.1, seed: seed, purpose: .testSplit)
    return DataSource(train: train, test: test)
  }
}
