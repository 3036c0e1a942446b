extension NodeOperation {
  /// A fully connected layer, `y = W x + b`, `[I] → [O]`. Weights are `[outputFeatures, I]`.
  public struct Linear: OperationDefinition {
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
}

extension NodeOperation.Linear {
  package static var kind: NodeOperation.Kind { .linear }
  package static var keys: [OperationKey] { [.outputFeatures, .bias] }
  package static var traits: OperationTraits { [.hasInt8Weights, .canEndInClamp] }
  package var operation: NodeOperation { .linear(self) }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws {
    self.init(
      outputFeatures: try container.attribute(.outputFeatures),
      bias: try container.attribute(.bias, or: true))
  }

  package func encode(to container: inout KeyedEncodingContainer<OperationKey>) throws {
    try container.encode(outputFeatures, forKey: .outputFeatures)
    try container.encode(bias, forKey: .bias)
  }

  package func checkAttributes(_ check: AttributeCheck) throws {
    try check.count(.outputFeatures, outputFeatures)
  }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    guard !inputs[0].isFeatureMap else {
      throw NetworkError.wrongRank(
        node: node, expected: "a vector (put a Flatten before it)", found: inputs[0])
    }
    return TensorShape(features: outputFeatures)
  }

  package func parameters(input: TensorShape) -> [(role: Parameter.Role, shape: [Int])] {
    [(.weight, [outputFeatures, input.channels])] + (bias ? [(.bias, [outputFeatures])] : [])
  }

  package func macs(input: TensorShape, output: TensorShape) -> Int {
    outputFeatures * input.channels
  }
}

extension OperationKey {
  static let outputFeatures: OperationKey = "outputFeatures"
}

extension NetworkBuilder.Value {
  /// A fully connected layer.
  public func linear(_ name: String, _ outputFeatures: Int, bias: Bool = true) -> Self {
    then(name, .linear(.init(outputFeatures: outputFeatures, bias: bias)))
  }
}
