/// Curves over the epochs of a run, drawn as SVG in the page and as pixels in the PNG.
struct Chart {
  /// Whose curve it is; it decides the colour.
  enum Role: String, CaseIterable {
    case train, validation, test, other
  }

  /// One curve.
  struct Series {
    let role: Role
    /// One value an epoch, from epoch 1 on.
    let values: [Double]

    var name: String { role.rawValue }
  }

  let title: String
  let series: [Series]
  let vertical: AxisScale
  let horizontal: AxisScale

  /// A chart whose axes hold every finite value.
  ///
  /// - Parameters:
  ///   - title: What the curves are of.
  ///   - series: At least one curve; all as long.
  ///   - bounds: What values there can be; the axis never leaves it.
  ///   - isFromZero: Whether the axis begins at zero, so that lengths are proportions.
  init(
    _ title: String, _ series: [Series], within bounds: ClosedRange<Double>,
    isFromZero: Bool = false
  ) {
    self.title = title
    self.series = series
    let values = series.flatMap(\.values).filter(\.isFinite)
    vertical = AxisScale(
      from: isFromZero ? 0 : values.min() ?? 0, to: values.max() ?? 1, within: bounds)
    horizontal = AxisScale(epochs: series.map(\.values.count).max() ?? 1)
  }

  /// The points of a curve, in shares of the axes' lengths, from the lower left corner.
  func points(of series: Series) -> [(x: Double, y: Double)] {
    series.values.enumerated().filter { $0.element.isFinite }.map { index, value in
      (horizontal.share(of: Double(index + 1)), vertical.share(of: value))
    }
  }

  /// Whether every epoch gets a dot: not where they would be a rope.
  var hasDots: Bool { (series.map(\.values.count).max() ?? 0) <= 40 }

  /// The charts of loss and accuracy.
  static func lossAndAccuracy(_ history: RunHistory) -> [Chart] {
    func series(_ measures: (Role, RunHistory.Measure)...) -> [Series] {
      measures.compactMap { role, measure in
        history[measure].map { Series(role: role, values: $0) }
      }
    }
    return [
      Chart(
        "loss", series((.train, .trainLoss), (.validation, .validationLoss), (.test, .testLoss)),
        within: 0...Double.greatestFiniteMagnitude),
      Chart(
        "accuracy",
        series(
          (.train, .trainAccuracy), (.validation, .validationAccuracy), (.test, .testAccuracy)),
        within: 0...1),
    ]
  }

  /// The charts of the learning rate and of the images per second, where they were measured.
  static func rateAndSpeed(_ history: RunHistory) -> [Chart] {
    let charts: [(String, RunHistory.Measure)] = [
      ("learning rate", .learningRate), ("images per second", .imagesPerSecond),
    ]
    return charts.compactMap { title, measure in
      history[measure].map {
        Chart(
          title, [Series(role: .other, values: $0)],
          within: 0...Double.greatestFiniteMagnitude, isFromZero: true)
      }
    }
  }
}
