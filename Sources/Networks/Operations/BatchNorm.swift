extension NodeOperation {
  /// Batch normalisation, `γ (x − mean) / √(var + ε) + β` per channel: by batch statistics in
  /// training, by running statistics in inference (Ioffe & Szegedy 2015).
  public struct BatchNorm: OperationDefinition {
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
}

extension NodeOperation.BatchNorm {
  package static var kind: NodeOperation.Kind { .batchNorm }
  package static var keys: [OperationKey] { [.epsilon, .momentum] }
  package static var traits: OperationTraits { [.mayRunInPlace, .canEndInClamp] }
  package var operation: NodeOperation { .batchNorm(self) }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws {
    self.init(
      epsilon: try container.attribute(.epsilon, or: 1e-5),
      momentum: try container.attribute(.momentum, or: 0.1))
  }

  package func encode(to container: inout KeyedEncodingContainer<OperationKey>) throws {
    try container.encode(epsilon, forKey: .epsilon)
    try container.encode(momentum, forKey: .momentum)
  }

  package func checkAttributes(_ check: AttributeCheck) throws {
    try check.number(.epsilon, epsilon, above: 0, upTo: 1)
    try check.number(.momentum, momentum, above: 0, upTo: 1)
  }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    try inputs[0].requireFeatureMap(node)
  }

  package func parameters(input: TensorShape) -> [(role: Parameter.Role, shape: [Int])] {
    Parameter.Role.allCases.map { ($0, [input.channels]) }
  }
}

extension OperationKey {
  static let epsilon: OperationKey = "epsilon"
  static let momentum: OperationKey = "momentum"
}

extension NetworkBuilder.Value {
  /// Batch normalisation; `momentum` is the newest batch's weight in the running statistics.
  public func batchNorm(_ name: String, epsilon: Double = 1e-5, momentum: Double = 0.1) -> Self {
    then(name, .batchNorm(.init(epsilon: epsilon, momentum: momentum)))
  }
}
