extension NodeOperation {
  /// Element-wise sum of two or more tensors of one shape.
  package struct Add: OperationDefinition {}
}

extension NodeOperation.Add {
  package static var kind: NodeOperation.Kind { .add }
  package static var inputCount: ClosedRange<Int> { 2...1024 }
  package static var traits: OperationTraits { .canEndInClamp }
  package var operation: NodeOperation { .add }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws { self.init() }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    for shape in inputs.dropFirst() where shape != inputs[0] {
      throw NetworkError.shapeMismatch(
        node: node, rule: "adds tensors of one shape", first: inputs[0], second: shape)
    }
    return inputs[0]
  }
}

extension NetworkBuilder.Value {
  /// The element-wise sum with another value.
  public func adding(_ other: Self) -> Self {
    builder.append(builder.numbered("add"), .add, [self, other])
  }
}
