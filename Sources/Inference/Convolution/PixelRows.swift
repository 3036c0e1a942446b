import Networks

/// A convolution's output pixels as rows that a kernel computes several of at a time, with windows at
/// a constant distance within a row and from row to row.
struct PixelRows: Sendable {
  /// Rows.
  let count: Int
  /// Pixels of a row, but for the last one, and from one row's first to the next one's.
  let pitch: Int
  /// Pixels of the last row.
  let lastLength: Int
  /// Elements of the image from one row's first window to the next one's.
  let inputStride: Int

  /// The output's rows; where every pixel is a product of its own, rows of nearly as many pixels as
  /// the kernel takes.
  ///
  /// - Parameters:
  ///   - geometry: The convolution, of one row of all pixels in the second case.
  ///   - rowStride: Elements from row to row of the image.
  ///   - kernel: What computes them.
  init(_ geometry: ConvolutionGeometry, rowStride: Int, kernel: Kernel.Convolution8) {
    let width = geometry.output.width
    guard geometry.isByPixels else {
      (count, pitch, lastLength) = (geometry.output.height, width, width)
      inputStride = geometry.attributes.stride.height * rowStride
      return
    }
    count = (width + kernel.pixels - 1) / kernel.pixels
    pitch = (width + count - 1) / count
    lastLength = width - (count - 1) * pitch
    inputStride = pitch * geometry.input.channels
  }

  /// The parts of some rows that are rectangles of pixels.
  func rectangles(of rows: Range<Int>) -> [(rows: Range<Int>, width: Int)] {
    guard rows.upperBound == count, lastLength != pitch else { return [(rows, pitch)] }
    return [(rows.dropLast(), pitch), (rows.suffix(1), lastLength)].filter { !$0.rows.isEmpty }
  }
}

extension ConvolutionGeometry {
  /// Whether each pixel is a product of its own.
  var isByPixels: Bool {
    attributes.kernelSize == Extent(1) && attributes.stride == Extent(1)
      && attributes.padding == Extent(0)
  }

  /// The same computation over one row of all pixels where each is a product of its own.
  var byPixels: ConvolutionGeometry {
    guard isByPixels else { return self }
    func row(_ shape: TensorShape) -> TensorShape {
      TensorShape(channels: shape.channels, height: 1, width: shape.height * shape.width)
    }
    return ConvolutionGeometry(input: row(input), output: row(output), attributes: attributes)
  }
}
