extension NodeOperation {
  /// Local response normalisation, `x / (k + α/n Σ x²)^β` over `n` channels, `n / 2` on each side;
  /// channels beyond the ends count as zeros and `n` stays the divisor (Krizhevsky et al. 2012,
  /// §3.3).
  public struct LocalResponseNorm: OperationDefinition {
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

extension NodeOperation.LocalResponseNorm {
  package static var kind: NodeOperation.Kind { .localResponseNorm }
  package static var keys: [OperationKey] { [.size, .alpha, .beta, .k] }
  package var operation: NodeOperation { .localResponseNorm(self) }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws {
    self.init(
      size: try container.attribute(.size),
      alpha: try container.attribute(.alpha, or: 1e-4),
      beta: try container.attribute(.beta, or: 0.75),
      k: try container.attribute(.k, or: 1))
  }

  package func encode(to container: inout KeyedEncodingContainer<OperationKey>) throws {
    try container.encode(size, forKey: .size)
    try container.encode(alpha, forKey: .alpha)
    try container.encode(beta, forKey: .beta)
    try container.encode(k, forKey: .k)
  }

  package func checkAttributes(_ check: AttributeCheck) throws {
    guard size % 2 == 1, (1...Limits.attribute).contains(size) else {
      throw check.invalid(.size, "\(size)", "must be odd and from 1 to \(Limits.attribute)")
    }
    try check.number(.alpha, alpha, above: 0, upTo: 1e6)
    try check.number(.beta, beta, above: 0, upTo: 1e6)
    try check.number(.k, k, above: 0, upTo: 1e6)
  }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    try inputs[0].requireFeatureMap(node)
  }
}

extension OperationKey {
  static let size: OperationKey = "size"
  static let alpha: OperationKey = "alpha"
  static let beta: OperationKey = "beta"
  static let k: OperationKey = "k"
}

extension NetworkBuilder.Value {
  /// Local response normalisation over `size` channels.
  public func localResponseNorm(
    _ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1
  ) -> Self {
    then(
      numbered: "norm", .localResponseNorm(.init(size: size, alpha: alpha, beta: beta, k: k)))
  }
}
