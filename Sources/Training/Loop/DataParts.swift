package import Datasets

/// The images of a run: what it learns from, what is held out of that, and what it is tested with.
package struct DataParts {
  package let train: any ImageDataset
  package let validation: (any ImageDataset)?
  package let test: any ImageDataset

  /// Applies the settings' limits, then holds a part out; both depend on the seed alone.
  ///
  /// - Throws: `DatasetError.cannotSplit` where a part would be empty.
  package init(_ source: DataSource, _ settings: RunSettings) throws {
    var train = source.train
    if let limit = settings.limitTrain { train = train.prefix(limit) }
    test = settings.limitTest.map { source.test.prefix($0) } ?? source.test
    guard let fraction = settings.validationSplit, train.count > 0 else {
      self.train = train
      validation = nil
      return
    }
    let (rest, part) = try train.split(
      fraction: fraction, seed: settings.recipe.seed, purpose: .validationSplit)
    self.train = rest
    validation = part
  }
}
