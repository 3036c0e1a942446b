extension NodeOperation {
  /// Concatenation along the channel axis of feature maps of one height and width.
  package struct Concat: OperationDefinition {}
}

extension NodeOperation.Concat {
  package static var kind: NodeOperation.Kind { .concat }
  package static var inputCount: ClosedRange<Int> { 2...1024 }
  package var operation: NodeOperation { .concat }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws { self.init() }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    let first = try inputs[0].requireFeatureMap(node)
    for shape in inputs.dropFirst()
    where !shape.isFeatureMap || shape.height != first.height || shape.width != first.width {
      throw NetworkError.shapeMismatch(
        node: node, rule: "joins feature maps of one height and width", first: first, second: shape)
    }
    let channels = inputs.reduce(0) { $0 + $1.channels }
    return TensorShape(channels: channels, height: first.height, width: first.width)
  }
}

extension NetworkBuilder.Value {
  /// This value and others along the channel axis.
  public func concatenated(with others: [Self]) -> Self {
    builder.append(builder.numbered("concat"), .concat, [self] + others)
  }
}
