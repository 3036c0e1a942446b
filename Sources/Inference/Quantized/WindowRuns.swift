import Networks

/// A convolution's window as runs of contiguous elements of an image `[row][column][channel]`: whole
/// rows of the kernel where nothing lies between their pixels, else single taps.
struct WindowRuns: Sendable {
  /// Elements from the window's first pixel to each run.
  let offsets: [Int64]
  /// Elements of each.
  let length: Int

  var count: Int { offsets.count }

  /// - Parameters:
  ///   - geometry: The convolution.
  ///   - rowStride: Elements from row to row of the image.
  init(_ geometry: ConvolutionGeometry, rowStride: Int) {
    let attributes = geometry.attributes, kernel = attributes.kernelSize
    let pixel = geometry.input.channels
    let isWhole =
      geometry.groups == 1 && (attributes.dilation.width == 1 || kernel.width == 1)
    let tapsOfRun = isWhole ? kernel.width : 1
    length = tapsOfRun * geometry.inputChannels
    offsets = (0..<kernel.height).flatMap { y in
      stride(from: 0, to: kernel.width, by: tapsOfRun).map { x in
        Int64(
          y * attributes.dilation.height * rowStride + x * attributes.dilation.width * pixel)
      }
    }
  }

  /// Groups of `size` elements that cover a run.
  func groups(of size: Int) -> Int { (length + size - 1) / size }
}
