/// What a node computes. The graph is data: the trainer interprets it, the runtime lowers it, the
/// exporter walks it; each does so with an exhaustive `switch` over these cases.
public enum Operation: Hashable, Sendable {
  /// 2-D cross-correlation, `[C, H, W] → [O, H′, W′]`.
  case convolution(Convolution)
  /// `y = W x + b`, `[I] → [O]`.
  case linear(Linear)
  /// Maximum over a window; padding never wins.
  case maxPool(Pooling)
  /// Mean over a window.
  case averagePool(Pooling)
  /// Mean over a grid of nearly equal windows, `[C, H, W] → [C, height, width]`: output row `i` is
  /// the mean of rows `⌊i·H / height⌋ ..< ⌈(i + 1)·H / height⌉`, columns likewise. `1` is global
  /// average pooling (Lin et al. 2014, §3.2).
  case adaptiveAveragePool(Extent)
  /// Normalisation by batch statistics in training, by running statistics in inference
  /// (Ioffe & Szegedy 2015).
  case batchNorm(BatchNorm)
  /// Normalisation across neighbouring channels (Krizhevsky et al. 2012, §3.3).
  case localResponseNorm(LocalResponseNorm)
  /// `max(x, 0)`.
  case relu
  /// `1 / (1 + e⁻ˣ)`.
  case sigmoid
  /// Hyperbolic tangent.
  case tanh
  /// In training zeroes each element with `probability` and scales the rest by
  /// `1 / (1 − probability)`; the identity in inference (Srivastava et al. 2014).
  case dropout(probability: Double)
  /// `[C, H, W] → [C·H·W]`, rows of W innermost.
  case flatten
  /// Element-wise sum of two or more tensors of one shape.
  case add
  /// Concatenation along the channel axis of feature maps of one height and width.
  case concat

  /// Attributes of a 2-D convolution. Weights are OIHW: `[outputChannels, C / groups, kH, kW]`.
  public struct Convolution: Hashable, Sendable {
    /// `O`, the number of filters.
    public var outputChannels: Int
    /// `kH×kW`.
    public var kernelSize: Extent
    /// Step of the window.
    public var stride: Extent
    /// Zeros added on each side.
    public var padding: Extent
    /// Distance between the taps of a filter; 1 is a dense filter.
    public var dilation: Extent
    /// Number of groups that input and output channels are split into.
    public var groups: Int
    /// Whether a bias `[O]` is added.
    public var bias: Bool

    /// A convolution; every attribute but the first two has its usual default.
    ///
    /// - Parameters:
    ///   - outputChannels: `O`, the number of filters.
    ///   - kernelSize: `kH×kW`.
    ///   - stride: Step of the window.
    ///   - padding: Zeros added on each side.
    ///   - dilation: Distance between the taps of a filter.
    ///   - groups: Number of groups that input and output channels are split into.
    ///   - bias: Whether a bias `[O]` is added.
    public init(
      outputChannels: Int, kernelSize: Extent, stride: Extent = 1, padding: Extent = 0,
      dilation: Extent = 1, groups: Int = 1, bias: Bool = true
    ) {
      self.outputChannels = outputChannels
      self.kernelSize = kernelSize
      self.stride = stride
      self.padding = padding
      self.dilation = dilation
      self.groups = groups
      self.bias = bias
    }
  }

  /// Attributes of a fully connected layer. Weights are `[outputFeatures, inputFeatures]`.
  public struct Linear: Hashable, Sendable {
    /// Length of the output vector.
    public var outputFeatures: Int
    /// Whether a bias `[outputFeatures]` is added.
    public var bias: Bool

    /// A fully connected layer.
    public init(outputFeatures: Int, bias: Bool = true) {
      self.outputFeatures = outputFeatures
      self.bias = bias
    }
  }

  /// Attributes of a pooling window.
  public struct Pooling: Hashable, Sendable {
    /// `kH×kW`.
    public var kernelSize: Extent
    /// Step of the window.
    public var stride: Extent
    /// Rows and columns added on each side; at most half of the kernel.
    public var padding: Extent
    /// Whether the output's extent rounds up, so that a last window may hang over the edge. What
    /// hangs over is not part of the window: it neither wins a maximum nor counts in a divisor.
    public var ceilMode: Bool
    /// Average pooling only: whether padding counts in the divisor.
    public var countIncludesPadding: Bool

    /// A pooling window.
    public init(
      kernelSize: Extent, stride: Extent, padding: Extent = 0, ceilMode: Bool = false,
      countIncludesPadding: Bool = true
    ) {
      self.kernelSize = kernelSize
      self.stride = stride
      self.padding = padding
      self.ceilMode = ceilMode
      self.countIncludesPadding = countIncludesPadding
    }
  }

  /// Attributes of batch normalisation: `γ (x − mean) / √(var + ε) + β`, per channel.
  public struct BatchNorm: Hashable, Sendable {
    /// `ε`, added to the variance.
    public var epsilon: Double
    /// Weight of the newest batch in the running statistics.
    public var momentum: Double

    /// Batch normalisation with PyTorch's defaults.
    public init(epsilon: Double = 1e-5, momentum: Double = 0.1) {
      self.epsilon = epsilon
      self.momentum = momentum
    }
  }

  /// Attributes of local response normalisation: `x / (k + α/n Σ x²)^β` over `n` channels,
  /// `n / 2` on each side; channels beyond the ends count as zeros and `n` stays the divisor.
  public struct LocalResponseNorm: Hashable, Sendable {
    /// `n`, the number of neighbouring channels, odd.
    public var size: Int
    /// `α`, divided by `n` as in PyTorch and ONNX.
    public var alpha: Double
    /// `β`.
    public var beta: Double
    /// `k`.
    public var k: Double

    /// Local response normalisation with PyTorch's defaults.
    public init(size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1) {
      self.size = size
      self.alpha = alpha
      self.beta = beta
      self.k = k
    }
  }
}
