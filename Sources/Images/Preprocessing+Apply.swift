public import Networks

extension Preprocessing {
  /// Prepares one image. For many images make a `PreprocessingPlan`, which keeps its weights.
  ///
  /// - Parameters:
  ///   - image: Of any size, colour and depth.
  ///   - output: `channels × height × width` floats, `[C, H, W]`; all are written.
  /// - Throws: `ImageError.invalidPreprocessing`.
  public func apply(to image: Image, into output: UnsafeMutableBufferPointer<Float>) throws {
    try PreprocessingPlan(self).apply(to: image, into: output)
  }

  /// Prepares one image.
  ///
  /// - Parameter image: Of any size, colour and depth.
  /// - Returns: `[C, H, W]`, row-major.
  /// - Throws: `ImageError.invalidPreprocessing`.
  public func tensor(of image: Image) throws -> [Float] {
    let plan = try PreprocessingPlan(self)
    let count = shape.elementCount
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      plan.apply(to: image, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialized = count
    }
  }

  /// Checks that the numbers have a meaning.
  ///
  /// - Throws: `ImageError.invalidPreprocessing`, which names the attribute as checkpoints do.
  public func validate() throws {
    func require(_ holds: Bool, _ attribute: String, _ value: Any, _ rule: String) throws {
      if holds { return }
      throw ImageError.invalidPreprocessing(
        attribute: attribute, value: "\(value)", rule: rule)
    }
    let sides = 1...65_536
    try require(channels == 1 || channels == 3, "channels", channels, "must be 1 or 3")
    try require(sides.contains(height), "height", height, "must be from 1 to 65536")
    try require(sides.contains(width), "width", width, "must be from 1 to 65536")
    try require(scale.isFinite && scale > 0, "scale", scale, "must be positive and finite")
    for (name, values) in [("mean", mean), ("std", std), ("background", background)] {
      let rule = "must be one finite number for each of \(channels) channels"
      try require(values.count == channels && values.allSatisfy(\.isFinite), name, values, rule)
    }
    try require(std.allSatisfy { $0 > 0 }, "std", std, "must be positive")
    if resize == .centerCrop {
      try require(
        sides.contains(resizeShorterSide), "resize_shorter_side", resizeShorterSide,
        "must be from 1 to 65536")
    }
  }
}
