import Networks

extension Formula {
  static let relu = elementwise(Reference.relu)
}

extension NodeOperation {
  /// What a clamp limits values to; nil for other operations.
  var clamp: ClosedRange<Float>? {
    if case .relu = self { 0...Float.infinity } else { nil }
  }
}

extension Reference {
  /// `max(x, 0)`, NaN of NaN.
  package static func relu(_ x: Double) -> Double { x < 0 ? 0 : x }
}
