extension NodeOperation {
  /// The window of maximum and average pooling.
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
}

extension NodeOperation.Pooling {
  static let keys: [OperationKey] = [.kernelSize, .stride, .padding, .ceilMode]

  /// Reads the keys that both kinds of pooling have; without `stride` windows do not overlap.
  init(from container: KeyedDecodingContainer<OperationKey>) throws {
    let kernelSize: Extent = try container.attribute(.kernelSize)
    self.init(
      kernelSize: kernelSize,
      stride: try container.attribute(.stride, or: kernelSize),
      padding: try container.attribute(.padding, or: 0),
      ceilMode: try container.attribute(.ceilMode, or: false))
  }

  func encode(to container: inout KeyedEncodingContainer<OperationKey>) throws {
    try container.encode(kernelSize, forKey: .kernelSize)
    try container.encode(stride, forKey: .stride)
    try container.encode(padding, forKey: .padding)
    try container.encode(ceilMode, forKey: .ceilMode)
  }

  func checkAttributes(_ check: AttributeCheck) throws {
    try check.positive(.kernelSize, kernelSize)
    try check.positive(.stride, stride)
    try check.padding(padding, rule: "must be from 0 to half of the kernel \(kernelSize)") {
      $0.height <= kernelSize.height / 2 && $0.width <= kernelSize.width / 2
    }
  }

  func outputShape(of input: TensorShape, node: String) throws -> TensorShape {
    let input = try input.requireFeatureMap(node)
    let height = try extent(
      input.height, kernelSize.height, stride.height, padding.height, input, node)
    let width = try extent(input.width, kernelSize.width, stride.width, padding.width, input, node)
    return TensorShape(channels: input.channels, height: height, width: width)
  }

  /// `⌊(n + 2p − k) / s⌋ + 1`, or in ceil mode `⌈(n + 2p − k) / s⌉ + 1` less a last window that
  /// would start past the input and its left padding: PyTorch's `pooling_output_shape`, in which a
  /// window in ceil mode may be larger than its padded input.
  private func extent(
    _ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ input: TensorShape, _ node: String
  ) throws -> Int {
    let room = size + 2 * padding - kernel + (ceilMode ? stride - 1 : 0)
    guard room >= 0 else {
      throw NetworkError.kernelTooLarge(node: node, kernel: kernelSize, input: input)
    }
    let steps = room / stride
    return ceilMode && steps * stride >= size + padding ? steps : steps + 1
  }
}

extension OperationKey {
  static let ceilMode: OperationKey = "ceilMode"
}
