import Images

/// An 8-bit picture to show: gray or RGB, rows from the top.
public struct Picture: Hashable, Sendable {
  /// Pixels in a row, at least 1.
  public let width: Int
  /// Rows, at least 1.
  public let height: Int
  /// 1 for gray, 3 for RGB.
  public let channels: Int
  /// `height × width × channels` bytes, the channels of a pixel together.
  public var bytes: [UInt8]

  /// A picture of bytes.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row, from 1 to `Image.largestSide`.
  ///   - height: Rows, from 1 to `Image.largestSide`.
  ///   - channels: 1 for gray, 3 for RGB.
  ///   - bytes: `height × width × channels` bytes.
  public init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    precondition(channels == 1 || channels == 3)
    precondition(bytes.count == width * height * channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }

  private var image: Image {
    Image(
      width: width, height: height, color: channels == 1 ? .gray : .rgb, samples: .bytes(bytes))
  }

  /// Encodes as a PNG.
  ///
  /// - Returns: The whole PNG.
  /// - Throws: `ImageError.outOfMemory`.
  public func png() throws -> [UInt8] { try image.png() }

  /// Writes a PNG file: beside its place first, then renamed, so that a reader sees a whole file.
  ///
  /// - Parameter path: The file to make or to replace.
  /// - Throws: `ImageError.cannotWrite`, or as `png()`.
  public func write(pngFile path: String) throws { try image.write(pngFile: path) }
}
