import Files

extension DataSource {
  /// Where Debian's package `dataset-fashion-mnist` puts its files.
  public static let fashionMNISTDirectory = "/usr/share/datasets/fashion-mnist"

  /// The classes of Fashion-MNIST by index (Xiao, Rasul & Vollgraf 2017, table 1).
  public static let fashionMNISTClasses = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
    "Ankle boot",
  ]

  /// Fashion-MNIST: 60,000 training and 10,000 test images, 28×28 gray, 10 classes.
  ///
  /// - Parameter directory: The folder of the four IDX files; without it the Debian package's.
  /// - Returns: Both parts.
  /// - Throws: `DatasetError`.
  public static func fashionMNIST(directory: String? = nil) throws -> DataSource {
    let folder = directory ?? fashionMNISTDirectory
    if directory == nil, FileStatus.kind(of: folder) != .folder {
      throw DatasetError.fashionMNISTMissing(directory: folder)
    }
    return try idx(directory: folder, classNames: fashionMNISTClasses)
  }

  static let idxNames = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
  ]

  /// Opens MNIST's four files, gzip or not.
  static func idx(directory: String, classNames: [String]) throws -> DataSource {
    let paths = try idxNames.map { name in
      guard let path = idxPath(directory: directory, name: name) else {
        throw DatasetError.missingFile(directory: directory, name: name)
      }
      return path
    }
    return DataSource(
      train: try IDXDataset(imagesFile: paths[0], labelsFile: paths[1], classNames: classNames),
      test: try IDXDataset(imagesFile: paths[2], labelsFile: paths[3], classNames: classNames))
  }

  /// The file of a name, not compressed or compressed.
  static func idxPath(directory: String, name: String) -> String? {
    ["\(directory)/\(name)", "\(directory)/\(name).gz"].first { FileStatus.kind(of: $0) != nil }
  }
}
