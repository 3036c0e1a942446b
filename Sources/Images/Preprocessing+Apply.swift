public import Networks

extension Preprocessing {
  /// Prepares one image. For many images make a `PreprocessingPlan`, which keeps its weights.
  ///
  /// - Parameters:
  ///   - image: Of any size, colour and depth.
  ///   - output: `channels × height × width` floats, `[C, H, W]`; all are written.
  /// - Throws: `NetworkError.invalidPreprocessing`.
  public func apply(to image: Image, into output: UnsafeMutableBufferPointer<Float>) throws {
    try PreprocessingPlan(self).apply(to: image, into: output)
  }

  /// Prepares one image.
  ///
  /// - Parameter image: Of any size, colour and depth.
  /// - Returns: `[C, H, W]`, row-major.
  /// - Throws: `NetworkError.invalidPreprocessing`.
  public func tensor(of image: Image) throws -> [Float] {
    let plan = try PreprocessingPlan(self)
    let count = shape.elementCount
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.initialize(repeating: 0)
      plan.apply(to: image, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialized = count
    }
  }
}
