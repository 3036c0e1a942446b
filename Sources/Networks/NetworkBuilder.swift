/// Builds a network node by node; `Value`'s methods append to it.
///
/// ```swift
/// let builder = NetworkBuilder("tiny", channels: 1, height: 28, width: 28)
/// let scores = builder.input
///   .convolution("conv1", 6, kernel: 5, padding: 2).relu()
///   .flatten().linear("fc1", 10)
/// let network = try builder.network(output: scores)
/// ```
public final class NetworkBuilder {
  /// The value of one node, which any number of nodes may read.
  public struct Value {
    let builder: NetworkBuilder
    /// The name of the node that makes it.
    public let name: String
  }

  private let name: String
  private let shape: TensorShape
  private var nodes: [Node] = []
  private var counts: [String: Int] = [:]

  /// A builder of a network whose input is `[channels, height, width]`.
  public init(_ name: String, channels: Int, height: Int, width: Int) {
    self.name = name
    shape = TensorShape(channels: channels, height: height, width: width)
  }

  /// The network's input.
  public var input: Value { Value(builder: self, name: Network.inputName) }

  /// The finished network.
  ///
  /// - Parameters:
  ///   - output: The class scores.
  ///   - initialization: How weights start.
  /// - Returns: The validated network.
  /// - Throws: `NetworkError`, which names the node.
  public func network(
    output: Value, initialization: Network.Initialization = .xavierUniform
  ) throws -> Network {
    try Network(
      name: name, input: shape, nodes: nodes, output: output.name, initialization: initialization)
  }

  func append(_ name: String, _ operation: Operation, _ inputs: [Value]) -> Value {
    precondition(
      inputs.allSatisfy { $0.builder === self }, "'\(name)' reads a value of another builder")
    nodes.append(Node(name, operation, inputs: inputs.map(\.name)))
    return Value(builder: self, name: name)
  }

  /// A name for a node without weights: the stem and its place among its like.
  func numbered(_ stem: String) -> String {
    counts[stem, default: 0] += 1
    return "\(stem)\(counts[stem, default: 0])"
  }
}

extension NetworkBuilder.Value {
  private func then(_ name: String, _ operation: Operation) -> Self {
    builder.append(name, operation, [self])
  }

  private func then(numbered stem: String, _ operation: Operation) -> Self {
    then(builder.numbered(stem), operation)
  }

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

  /// A fully connected layer.
  public func linear(_ name: String, _ outputFeatures: Int, bias: Bool = true) -> Self {
    then(name, .linear(.init(outputFeatures: outputFeatures, bias: bias)))
  }

  /// Batch normalisation; `momentum` is the newest batch's weight in the running statistics.
  public func batchNorm(_ name: String, epsilon: Double = 1e-5, momentum: Double = 0.1) -> Self {
    then(name, .batchNorm(.init(epsilon: epsilon, momentum: momentum)))
  }

  /// Maximum pooling; without `stride` windows do not overlap.
  public func maxPool(
    _ kernel: Extent, stride: Extent? = nil, padding: Extent = 0, ceilMode: Bool = false
  ) -> Self {
    then(
      numbered: "pool",
      .maxPool(
        .init(
          kernelSize: kernel, stride: stride ?? kernel, padding: padding, ceilMode: ceilMode)))
  }

  /// Average pooling; without `stride` windows do not overlap.
  public func averagePool(
    _ kernel: Extent, stride: Extent? = nil, padding: Extent = 0, ceilMode: Bool = false,
    countIncludesPadding: Bool = true
  ) -> Self {
    then(
      numbered: "pool",
      .averagePool(
        .init(
          kernelSize: kernel, stride: stride ?? kernel, padding: padding, ceilMode: ceilMode,
          countIncludesPadding: countIncludesPadding)))
  }

  /// Average pooling to a grid of `extent`; 1 is global average pooling.
  public func adaptiveAveragePool(_ extent: Extent = 1) -> Self {
    then(numbered: "pool", .adaptiveAveragePool(extent))
  }

  /// Local response normalisation over `size` channels.
  public func localResponseNorm(
    _ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1
  ) -> Self {
    then(
      numbered: "norm", .localResponseNorm(.init(size: size, alpha: alpha, beta: beta, k: k)))
  }

  /// `max(x, 0)`.
  public func relu() -> Self { then(numbered: "relu", .relu) }

  /// `1 / (1 + e⁻ˣ)`.
  public func sigmoid() -> Self { then(numbered: "sigmoid", .sigmoid) }

  /// Hyperbolic tangent.
  public func tanh() -> Self { then(numbered: "tanh", .tanh) }

  /// Dropout.
  public func dropout(_ probability: Double = 0.5) -> Self {
    then(numbered: "drop", .dropout(probability: probability))
  }

  /// `[C, H, W] → [C·H·W]`.
  public func flatten() -> Self { then(numbered: "flatten", .flatten) }

  /// The element-wise sum with another value.
  public func adding(_ other: Self) -> Self {
    builder.append(builder.numbered("add"), .add, [self, other])
  }

  /// This value and others along the channel axis.
  public func concatenated(with others: [Self]) -> Self {
    builder.append(builder.numbered("concat"), .concat, [self] + others)
  }
}
