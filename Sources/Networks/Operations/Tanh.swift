extension NodeOperation {
  /// Hyperbolic tangent.
  package struct Tanh: OperationDefinition {}
}

extension NodeOperation.Tanh {
  package static var kind: NodeOperation.Kind { .tanh }
  package static var traits: OperationTraits { .mayRunInPlace }
  package var operation: NodeOperation { .tanh }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws { self.init() }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    inputs[0]
  }
}

extension NetworkBuilder.Value {
  /// Hyperbolic tangent.
  public func tanh() -> Self { then(numbered: "tanh", .tanh) }
}
