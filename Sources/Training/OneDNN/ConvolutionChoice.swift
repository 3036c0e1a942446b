internal import COneDNN
internal import Networks

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How a convolution is computed, pass by pass.
struct ConvolutionChoice: Hashable {
  var forward = ConvolutionKernel()
  var backwardData = ConvolutionKernel()
  var backwardWeights = ConvolutionKernel()

  /// All passes direct.
  static func direct(_ element: Layout.Element) -> ConvolutionChoice {
    let kernel = ConvolutionKernel(element: element)
    return ConvolutionChoice(forward: kernel, backwardData: kernel, backwardWeights: kernel)
  }

  var usesLargeTiles: Bool {
    [forward, backwardData, backwardWeights].contains { $0.algorithm == .largeTiles }
  }

  var usesShallowGradient: Bool { backwardWeights.algorithm == .shallow }
}

/// A convolution as the table of kernels sees it.
struct ConvolutionClass: Hashable {
  var kernel: Int
  var stride: Int
  var channels: Int
  var outputs: Int
  /// Rows of the result.
  var size: Int

  /// In octaves; nil where kernel or stride differ, which no neighbour says anything about.
  func distance(to other: ConvolutionClass) -> Double? {
    guard kernel == other.kernel, stride == other.stride else { return nil }
    func octaves(_ a: Int, _ b: Int) -> Double { abs(log2(Double(a) / Double(b))) }
    return octaves(channels, other.channels) + octaves(outputs, other.outputs)
      + octaves(size, other.size)
  }
}

/// What was measured once for a class of convolutions; nothing is measured when a network runs.
struct ConvolutionRow {
  let shape: ConvolutionClass
  /// Forward, backward data, backward weights in fp32: `d`irect, `w`inograd's F(4×4, 3×3), its
  /// `l`arger tiles, or, by the weights, that for `s`hallow inputs.
  let fp32: StaticString
  /// The same where bfloat16 is allowed, too: `b` is direct in it.
  let bf16: StaticString
}

extension ConvolutionRow {
  init(
    _ kernel: Int, _ stride: Int, _ channels: Int, _ outputs: Int, _ size: Int,
    fp32: StaticString, bf16: StaticString
  ) {
    shape = ConvolutionClass(
      kernel: kernel, stride: stride, channels: channels, outputs: outputs, size: size)
    self.fp32 = fp32
    self.bf16 = bf16
  }

  fileprivate func choice(_ precision: Recipe.Precision) -> ConvolutionChoice {
    let letters = (precision == .bf16 ? bf16 : fp32).withUTF8Buffer { Array($0) }
    func kernel(_ pass: Int) -> ConvolutionKernel {
      switch letters[pass] {
      case UInt8(ascii: "w"): ConvolutionKernel(algorithm: .winograd)
      case UInt8(ascii: "l"): ConvolutionKernel(algorithm: .largeTiles)
      case UInt8(ascii: "s"): ConvolutionKernel(algorithm: .shallow)
      case UInt8(ascii: "b"): ConvolutionKernel(element: .bfloat16)
      default: ConvolutionKernel()
      }
    }
    return ConvolutionChoice(
      forward: kernel(0), backwardData: kernel(1), backwardWeights: kernel(2))
  }
}

extension ConvolutionTable {
  /// The choice for a convolution: that of the nearest class that was measured, or direct where
  /// none is near or this machine has not the instructions of the measurement.
  static func choice(
    _ attributes: NodeOperation.Convolution, input: TensorShape, output: TensorShape,
    precision: Recipe.Precision
  ) -> ConvolutionChoice {
    let usual = ConvolutionChoice.direct(precision == .bf16 ? .bfloat16 : .float32)
    let isSquare =
      attributes.kernelSize.height == attributes.kernelSize.width
      && attributes.stride.height == attributes.stride.width
    guard isSquare, attributes.groups == 1, attributes.dilation == 1 else { return usual }
    let shape = ConvolutionClass(
      kernel: attributes.kernelSize.height, stride: attributes.stride.height,
      channels: input.channels, outputs: output.channels, size: output.height)
    let known = rows.compactMap { row in
      row.shape.distance(to: shape).map { (row: row, distance: $0) }
    }
    guard let nearest = known.min(by: { $0.distance < $1.distance })?.row else { return usual }
    var choice = nearest.choice(precision)
    if choice.usesShallowGradient,
      !ShallowGradient.fits(attributes, input: input, output: output)
    {
      choice.backwardWeights = usual.backwardWeights
    }
    guard choice.usesLargeTiles else { return choice }
    return WinogradPasses.fits(attributes, input: input, output: output) ? choice : usual
  }
}
