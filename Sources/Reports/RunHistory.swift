/// What a training run measured, one value per epoch and measure, from epoch 1 on.
package struct RunHistory: Sendable, Equatable {
  /// A measured quantity, under the key that the log and the checkpoint use.
  package enum Measure: String, CaseIterable, Sendable {
    case trainLoss, trainAccuracy, validationLoss, validationAccuracy, testLoss, testAccuracy
    case learningRate, imagesPerSecond, seconds
  }

  private let columns: [Measure: [Double]]
  /// The number of epochs.
  package let epochs: Int

  /// A history of columns.
  ///
  /// - Parameter columns: Keys and values; unknown keys, and columns shorter than the longest, are
  ///   left out.
  package init(_ columns: some Sequence<(name: String, values: [Double])>) {
    let known = columns.compactMap { column in
      Measure(rawValue: column.name).map { ($0, column.values) }
    }
    let epochs = known.map(\.1.count).max() ?? 0
    self.columns = Dictionary(
      known.filter { $0.1.count == epochs }, uniquingKeysWith: { first, _ in first })
    self.epochs = epochs
  }

  /// A history of no epochs.
  package init() { self.init(EmptyCollection()) }

  /// The values of a measure; nil where it was not measured.
  package subscript(measure: Measure) -> [Double]? { columns[measure] }

  /// The last epoch's value.
  func last(_ measure: Measure) -> Double? { columns[measure]?.last }
}
