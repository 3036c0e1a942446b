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
    let tapsOfRun = Self.tapsOfRun(geometry)
    length = Self.length(geometry)
    offsets = (0..<kernel.height).flatMap { y in
      stride(from: 0, to: kernel.width, by: tapsOfRun).map { x in
        Int64(
          y * attributes.dilation.height * rowStride + x * attributes.dilation.width * pixel)
      }
    }
  }

  /// Elements of each run of a convolution's window.
  static func length(_ geometry: ConvolutionGeometry) -> Int {
    tapsOfRun(geometry) * geometry.inputChannels
  }

  private static func tapsOfRun(_ geometry: ConvolutionGeometry) -> Int {
    let width = geometry.attributes.kernelSize.width
    let isWhole = geometry.groups == 1 && (geometry.attributes.dilation.width == 1 || width == 1)
    return isWhole ? width : 1
  }

  /// Groups of elements in a panel that a kernel's steps need to cover a run.
  func groups(of kernel: Kernel.Convolution8) -> Int {
    kernel.steps(runLength: length) * kernel.groupsOfStep
  }
}
