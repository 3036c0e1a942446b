extension NodeOperation {
  /// 2-D cross-correlation with zero padding, `[C, H, W] → [O, H′, W′]`. Weights are OIHW:
  /// `[outputChannels, C / groups, kH, kW]`.
  public struct Convolution: OperationDefinition {
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
}

extension NodeOperation.Convolution {
  package static var kind: NodeOperation.Kind { .convolution }
  package static var traits: OperationTraits { [.hasInt8Weights, .canEndInClamp] }
  package var operation: NodeOperation { .convolution(self) }

  package static var keys: [OperationKey] {
    [.outputChannels, .kernelSize, .stride, .padding, .dilation, .groups, .bias]
  }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws {
    self.init(
      outputChannels: try container.attribute(.outputChannels),
      kernelSize: try container.attribute(.kernelSize),
      stride: try container.attribute(.stride, or: 1),
      padding: try container.attribute(.padding, or: 0),
      dilation: try container.attribute(.dilation, or: 1),
      groups: try container.attribute(.groups, or: 1),
      bias: try container.attribute(.bias, or: true))
  }

  package func encode(to container: inout KeyedEncodingContainer<OperationKey>) throws {
    try container.encode(outputChannels, forKey: .outputChannels)
    try container.encode(kernelSize, forKey: .kernelSize)
    try container.encode(stride, forKey: .stride)
    try container.encode(padding, forKey: .padding)
    try container.encode(dilation, forKey: .dilation)
    try container.encode(groups, forKey: .groups)
    try container.encode(bias, forKey: .bias)
  }

  package func checkAttributes(_ check: AttributeCheck) throws {
    try check.count(.outputChannels, outputChannels)
    try check.count(.groups, groups)
    try check.positive(.kernelSize, kernelSize)
    try check.positive(.stride, stride)
    try check.positive(.dilation, dilation)
    try check.padding(padding, rule: "must be from 0 to \(Limits.attribute)") {
      max($0.height, $0.width) <= Limits.attribute
    }
  }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    let input = try inputs[0].requireFeatureMap(node)
    guard input.channels % groups == 0, outputChannels % groups == 0 else {
      throw NetworkError.invalidAttribute(
        node: node, attribute: "groups", value: "\(groups)",
        rule: "must divide \(input.channels) input and \(outputChannels) output channels")
    }
    let reach = Extent(
      height: (kernelSize.height - 1) * dilation.height + 1,
      width: (kernelSize.width - 1) * dilation.width + 1)
    let window = NodeOperation.Pooling(kernelSize: reach, stride: stride, padding: padding)
    let output = try window.outputShape(of: input, node: node)
    return TensorShape(channels: outputChannels, height: output.height, width: output.width)
  }

  package func parameters(input: TensorShape) -> [(role: Parameter.Role, shape: [Int])] {
    let weight = [outputChannels, input.channels / groups, kernelSize.height, kernelSize.width]
    return [(.weight, weight)] + (bias ? [(.bias, [outputChannels])] : [])
  }

  package func macs(input: TensorShape, output: TensorShape) -> Int {
    outputChannels * (input.channels / groups) * kernelSize.height * kernelSize.width
      * output.height * output.width
  }
}

extension OperationKey {
  static let outputChannels: OperationKey = "outputChannels"
  static let dilation: OperationKey = "dilation"
  static let groups: OperationKey = "groups"
}

extension NetworkBuilder.Value {
  /// A convolution with `outputChannels` filters.
  public func convolution(
    _ name: String, _ outputChannels: Int, kernel: Extent, stride: Extent = 1, padding: Extent = 0,
    dilation: Extent = 1, groups: Int = 1, bias: Bool = true
  ) -> Self {
    then(
      name,
      .convolution(
        .init(
          outputChannels: outputChannels, kernelSize: kernel, stride: stride, padding: padding,
          dilation: dilation, groups: groups, bias: bias)))
  }
}
