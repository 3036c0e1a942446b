public import Images
import Networks

extension ImageDataset {
  /// An image in little, its proportions kept, without alpha.
  ///
  /// - Parameters:
  ///   - index: From 0 to `count`, exclusive.
  ///   - side: The longer side in pixels, at least 1; a smaller image keeps its size.
  /// - Returns: Gray or RGB, as the image is.
  /// - Throws: `ImageError` where its file is damaged or gone.
  public func thumbnail(at index: Int, side: Int) throws -> Image {
    precondition(side >= 1)
    let image = try image(at: index)
    let longer = max(image.width, image.height)
    func scaled(_ extent: Int) -> Int {
      longer <= side ? extent : max(1, extent * side / longer)
    }
    let (width, height) = (scaled(image.width), scaled(image.height))
    let channels = image.color.rawValue
    let plan = try PreprocessingPlan(
      Preprocessing(channels: channels, height: height, width: width))
    var planes = [Float](repeating: 0, count: channels * height * width)
    planes.withUnsafeMutableBufferPointer { plan.apply(to: image, into: $0) }
    let area = width * height
    var bytes = [UInt8](repeating: 0, count: planes.count)
    for (position, value) in planes.enumerated() {
      let byte = UInt8(min(max(value * 255, 0), 255).rounded())
      bytes[position % area * channels + position / area] = byte
    }
    return Image(width: width, height: height, color: image.color, samples: .bytes(bytes))
  }
}
