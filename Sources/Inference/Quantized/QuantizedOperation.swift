import Networks

/// An operation that reads or writes uint8 activations `[pixel][channel]`.
enum QuantizedOperation {
  struct Convolution {
    var geometry: ConvolutionGeometry
    var filters: Int8Filters
    var clamp: OutputClamp
    /// What is added at the end.
    var residual: Grid?
    /// Nil for floats `[pixel][channel]`.
    var output: Grid?
  }

  struct Linear {
    var filters: Int8Filters
    var clamp: OutputClamp
    /// Nil for floats.
    var output: Grid?
  }

  struct Pool {
    var windows: PoolWindows
    var isMaximum: Bool
    var input, output: Grid
  }

  struct Scale {
    var scale, shift: [Double]
    var shape: TensorShape
    var clamp: OutputClamp
    var input, output: Grid
  }

  struct Add {
    var count: Int
    var clamp: OutputClamp
    var inputs: [Grid]
    var output: Grid
  }

  struct Concat {
    var shape: TensorShape
    /// Channels of each input.
    var channels: [Int]
    var inputs: [Grid]
    var output: Grid
  }

  /// Floats in planes to bytes.
  case quantize(Grid, TensorShape)
  /// Bytes to floats in planes.
  case dequantize(Grid, TensorShape)
  /// Floats `[pixel][channel]` to floats in planes.
  case planes(TensorShape)
  /// Bytes `[pixel][channel]` to bytes in planes.
  case flatten(TensorShape)
  case convolution(Convolution)
  case linear(Linear)
  case pool(Pool)
  /// A function of one number, or another grid.
  case lookup(table: [UInt8], TensorShape, name: String)
  case scale(Scale)
  case add(Add)
  case concat(Concat)
}
