/// A dataset that a package of the operating system installs, by the name that users write.
package enum DatasetName: String, CaseIterable, Sendable {
  /// Fashion-MNIST, from Debian's package `dataset-fashion-mnist`.
  case fashionMNIST = "fashion-mnist"

  /// Opens the installed files.
  ///
  /// - Returns: Both parts.
  /// - Throws: `DatasetError`.
  package func open() throws -> DataSource {
    switch self {
    case .fashionMNIST: try .fashionMNIST()
    }
  }
}
