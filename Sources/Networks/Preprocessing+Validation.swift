// The one rule for preprocessing: what an image can be prepared with may be stored, and what is read
// from a file, of whatever format, is checked by it.

extension Preprocessing {
  /// Refuses values that no image can be prepared with.
  ///
  /// - Throws: `NetworkError.invalidPreprocessing`, which names the attribute as checkpoints do.
  public func validate() throws {
    try check("channels", "\(channels)", "must be 1 (gray) or 3 (red, green, blue)") {
      channels == 1 || channels == 3
    }
    try checkShape()
    try checkNumbers()
  }

  /// Refuses values that a file of a network must not hold: it makes the network's input, and its
  /// numbers are those of `validate()`. The channels are the network's; only images need 1 or 3.
  ///
  /// - Parameter network: The network that the preprocessing belongs to.
  /// - Throws: `NetworkError.invalidPreprocessing`.
  public func validate(for network: Network) throws {
    try checkShape(of: network)
    try checkNumbers()
  }

  /// Refuses another shape than that of a network's input.
  ///
  /// - Parameter network: The network.
  /// - Throws: `NetworkError.invalidPreprocessing`.
  package func checkShape(of network: Network) throws {
    let input = network.input
    for (attribute, found, expected) in [
      ("channels", channels, input.channels), ("height", height, input.height),
      ("width", width, input.width),
    ] {
      try check(attribute, "\(found)", "must be \(expected), as the network's input has") {
        found == expected
      }
    }
  }

  private func checkShape() throws {
    let sides = 1...Limits.inputExtent
    for (attribute, side) in [("height", height), ("width", width)] {
      try check(attribute, "\(side)", "must be from 1 to \(sides.upperBound)") {
        sides.contains(side)
      }
    }
  }

  private func checkNumbers() throws {
    try check("scale", "\(scale)", "must be positive and finite") { scale > 0 && scale.isFinite }
    try checkColor("mean", mean, "must be finite") { $0.isFinite }
    try checkColor("std", std, "must be positive and finite") { $0 > 0 && $0.isFinite }
    try checkColor("background", background, "must be finite") { $0.isFinite }
    // A crop larger than the resized image is padded, as torchvision does.
    let sides = 1...Limits.attribute
    try check(
      "resize_shorter_side", "\(resizeShorterSide)", "must be from 1 to \(sides.upperBound)"
    ) { sides.contains(resizeShorterSide) }
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
