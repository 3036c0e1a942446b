/// What a PNG may ask for, checked before memory is allocated for its pixels.
public struct ImageLimits: Hashable, Sendable {
  /// Width × height.
  public var maxPixels: Int
  /// Width and height each, at most `Image.largestSide`.
  public var maxSide: Int
  /// Bytes of the PNG itself; bounds what is read from standard input.
  public var maxBytes: Int

  /// Limits; without arguments 64 megapixels (8192 × 8192), sides of 1,000,000, and 1 GiB of PNG.
  ///
  /// - Parameters:
  ///   - maxPixels: Width × height.
  ///   - maxSide: Width and height each.
  ///   - maxBytes: Bytes of the PNG itself.
  public init(
    maxPixels: Int = 1 << 26, maxSide: Int = Image.largestSide, maxBytes: Int = 1 << 30
  ) {
    self.maxPixels = max(maxPixels, 0)
    self.maxSide = min(max(maxSide, 0), Image.largestSide)
    self.maxBytes = max(maxBytes, 0)
  }
}
