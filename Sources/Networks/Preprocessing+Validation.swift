extension Preprocessing {
  /// Refuses values that no image can be prepared with, for preprocessing read from a file.
  ///
  /// - Throws: `NetworkError.invalidPreprocessing`, which names the attribute as checkpoints do.
  public func validate() throws {
    let sides = 1...Limits.inputExtent
    try check("channels", "\(channels)", "must be 1 (gray) or 3 (red, green, blue)") {
      channels == 1 || channels == 3
    }
    try check("height", "\(height)", "must be from 1 to \(sides.upperBound)") {
      sides.contains(height)
    }
    try check("width", "\(width)", "must be from 1 to \(sides.upperBound)") {
      sides.contains(width)
    }
    try check("scale", "\(scale)", "must be positive and finite") { scale > 0 && scale.isFinite }
    try checkColor("mean", mean, "must be finite") { $0.isFinite }
    try checkColor("std", std, "must be positive and finite") { $0 > 0 && $0.isFinite }
    try checkColor("background", background, "must be finite") { $0.isFinite }
    // A crop larger than the resized image is padded, as torchvision does.
    try check(
      "resize_shorter_side", "\(resizeShorterSide)", "must be from 1 to \(sides.upperBound)"
    ) {
      resize == .stretch || sides.contains(resizeShorterSide)
    }
  }

  private func check(
    _ attribute: String, _ value: String, _ rule: String, _ condition: () -> Bool
  ) throws {
    guard condition() else {
      throw NetworkError.invalidPreprocessing(attribute: attribute, value: value, rule: rule)
    }
  }

  /// One number a channel, each of which holds a condition.
  private func checkColor(
    _ attribute: String, _ values: [Float], _ rule: String, _ condition: (Float) -> Bool
  ) throws {
    guard values.count == channels else {
      throw NetworkError.invalidPreprocessing(
        attribute: attribute, value: "\(values.count) numbers",
        rule: "must have one for each of \(channels) channels")
    }
    for value in values where !condition(value) {
      throw NetworkError.invalidPreprocessing(
        attribute: attribute, value: "\(value)", rule: rule)
    }
  }
}
