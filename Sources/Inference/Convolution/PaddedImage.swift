import CKernels
import Networks

/// The image that a convolution's windows are read from: the input's rows with a border of zero
/// points around them, as far as windows reach, in elements of the kernel.
struct PaddedImage: Sendable {
  let height, width, channels: Int
  private let input: TensorShape
  private let padding: Extent
  private let kernel: Kernel.Convolution8

  init(_ geometry: ConvolutionGeometry, kernel: Kernel.Convolution8) {
    let attributes = geometry.attributes
    func reach(_ outputs: Int, _ stride: Int, _ kernel: Int, _ dilation: Int) -> Int {
      (outputs - 1) * stride + (kernel - 1) * dilation + 1
    }
    height = reach(
      geometry.output.height, attributes.stride.height, attributes.kernelSize.height,
      attributes.dilation.height)
    width = reach(
      geometry.output.width, attributes.stride.width, attributes.kernelSize.width,
      attributes.dilation.width)
    channels = geometry.input.channels
    input = geometry.input
    padding = attributes.padding
    self.kernel = kernel
  }

  /// Floats of memory, of whole cache lines; the last step of elements may reach past the image.
  var size: Int {
    let bytes = (height * width * channels + kernel.step) * kernel.elementSize
    return (bytes + 63) / 64 * 16
  }

  private var rowsOfPart: Int { max(1, min(height, (1 << 14) / max(1, width * channels))) }
  /// Parts that are worth a thread's turn.
  var partCount: Int { (height + rowsOfPart - 1) / rowsOfPart }

  /// The rows of a part.
  func rows(ofPart part: Int) -> Range<Int> {
    part * rowsOfPart..<min(height, (part + 1) * rowsOfPart)
  }

  /// Writes a row.
  func fill(
    row: Int, of image: UnsafeMutableRawPointer, from source: UnsafePointer<UInt8>, zero: UInt8
  ) {
    var pad = cnn_u8_pad()
    pad.output = image + row * width * channels * kernel.elementSize
    pad.channels = Int64(channels)
    pad.zero = zero
    let left = min(padding.width, width)
    let copied = min(input.width, width - left)
    (pad.left, pad.width) = (Int64(left), Int64(copied))
    pad.right = Int64(width - left - copied)
    let from = row - padding.height
    pad.input =
      (0..<input.height).contains(from) ? source + from * input.width * channels : nil
    kernel.pad(&pad)
  }
}
