extension NodeOperation {
  /// `[C, H, W] → [C·H·W]`, rows of W innermost.
  package struct Flatten: OperationDefinition {}
}

extension NodeOperation.Flatten {
  package static var kind: NodeOperation.Kind { .flatten }
  package static var traits: OperationTraits { [.keepsGrid, .isReshape] }
  package var operation: NodeOperation { .flatten }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws { self.init() }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    TensorShape(features: inputs[0].elementCount)
  }
}

extension NetworkBuilder.Value {
  /// `[C, H, W] → [C·H·W]`.
  public func flatten() -> Self { then(numbered: "flatten", .flatten) }
}
