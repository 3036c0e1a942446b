extension NodeOperation {
  /// `max(x, 0)`.
  package struct ReLU: OperationDefinition {}
}

extension NodeOperation.ReLU {
  package static var kind: NodeOperation.Kind { .relu }
  package static var traits: OperationTraits { [.mayRunInPlace, .keepsGrid] }
  package var operation: NodeOperation { .relu }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws { self.init() }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    inputs[0]
  }
}

extension NetworkBuilder.Value {
  /// `max(x, 0)`.
  public func relu() -> Self { then(numbered: "relu", .relu) }
}
