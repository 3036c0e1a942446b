import Networks

/// A convolution's extents, odd in some way each.
struct ConvolutionShape: Sendable, CustomStringConvertible {
  var channels, height, width: Int
  var kernel: (Int, Int)
  var stride = (1, 1), padding = (0, 0), dilation = (1, 1)
  var outputs = 5, groups = 1

  var output: (Int, Int) {
    func extent(_ size: Int, _ k: Int, _ s: Int, _ p: Int, _ d: Int) -> Int {
      (size + 2 * p - (k - 1) * d - 1) / s + 1
    }
    return (
      extent(height, kernel.0, stride.0, padding.0, dilation.0),
      extent(width, kernel.1, stride.1, padding.1, dilation.1)
    )
  }

  /// A network of this convolution alone.
  func network(bias: Bool = true) throws -> Network {
    try single(
      TensorShape(channels: channels, height: height, width: width),
      .convolution(
        .init(
          outputChannels: outputs, kernelSize: Extent(height: kernel.0, width: kernel.1),
          stride: Extent(height: stride.0, width: stride.1),
          padding: Extent(height: padding.0, width: padding.1),
          dilation: Extent(height: dilation.0, width: dilation.1), groups: groups, bias: bias)))
  }

  var description: String {
    "\(channels)×\(height)×\(width) → \(outputs), k \(kernel), s \(stride), p \(padding), "
      + "d \(dilation), g \(groups)"
  }

  static let table = [
    ConvolutionShape(channels: 1, height: 1, width: 1, kernel: (1, 1), outputs: 1),
    ConvolutionShape(channels: 3, height: 7, width: 7, kernel: (1, 1), outputs: 17),
    ConvolutionShape(
      channels: 7, height: 13, width: 13, kernel: (3, 3), padding: (1, 1), outputs: 23),
    ConvolutionShape(channels: 2, height: 5, width: 3, kernel: (3, 3), padding: (1, 1)),
    ConvolutionShape(channels: 2, height: 3, width: 1, kernel: (3, 1), padding: (2, 0)),
    ConvolutionShape(
      channels: 1, height: 31, width: 29, kernel: (11, 11), stride: (4, 4), padding: (1, 1)),
    ConvolutionShape(
      channels: 3, height: 19, width: 23, kernel: (7, 7), stride: (2, 2), padding: (3, 3)),
    ConvolutionShape(
      channels: 4, height: 17, width: 11, kernel: (3, 5), stride: (1, 3), padding: (0, 4)),
    ConvolutionShape(
      channels: 5, height: 14, width: 15, kernel: (3, 3), padding: (2, 2), dilation: (2, 3)),
    ConvolutionShape(
      channels: 6, height: 9, width: 9, kernel: (3, 3), padding: (1, 1), outputs: 9, groups: 3),
    ConvolutionShape(
      channels: 4, height: 8, width: 8, kernel: (3, 3), stride: (2, 1), padding: (1, 1),
      dilation: (1, 2), outputs: 4, groups: 4),
    ConvolutionShape(
      channels: 2, height: 2, width: 70, kernel: (2, 2), padding: (1, 1), outputs: 8),
    ConvolutionShape(
      channels: 67, height: 6, width: 6, kernel: (3, 3), padding: (1, 1), outputs: 31),
    ConvolutionShape(
      channels: 1, height: 26, width: 26, kernel: (24, 24), padding: (3, 0), outputs: 3),
    ConvolutionShape(
      channels: 2, height: 4, width: 4, kernel: (1, 1), stride: (3, 3), padding: (2, 2)),
    // Windows with runs long enough for tiles: in groups, dilated, in place, of single pixels.
    ConvolutionShape(
      channels: 24, height: 9, width: 13, kernel: (3, 3), padding: (1, 1), outputs: 80, groups: 2),
    ConvolutionShape(channels: 24, height: 6, width: 5, kernel: (3, 3), outputs: 80, groups: 2),
    ConvolutionShape(
      channels: 16, height: 9, width: 21, kernel: (3, 3), padding: (1, 1), dilation: (1, 2),
      outputs: 33),
    ConvolutionShape(channels: 12, height: 7, width: 40, kernel: (3, 3), outputs: 33),
    ConvolutionShape(
      channels: 40, height: 9, width: 9, kernel: (1, 1), stride: (2, 2), outputs: 17),
    ConvolutionShape(channels: 40, height: 7, width: 7, kernel: (1, 1), outputs: 70),
    ConvolutionShape(channels: 40, height: 1, width: 1, kernel: (1, 1), outputs: 70),
  ]
}
