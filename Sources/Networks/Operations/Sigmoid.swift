extension NodeOperation {
  /// `1 / (1 + e⁻ˣ)`.
  package struct Sigmoid: OperationDefinition {}
}

extension NodeOperation.Sigmoid {
  package static var kind: NodeOperation.Kind { .sigmoid }
  package static var traits: OperationTraits { .mayRunInPlace }
  package var operation: NodeOperation { .sigmoid }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws { self.init() }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    inputs[0]
  }
}

extension NetworkBuilder.Value {
  /// `1 / (1 + e⁻ˣ)`.
  public func sigmoid() -> Self { then(numbered: "sigmoid", .sigmoid) }
}
