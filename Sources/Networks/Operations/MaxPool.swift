extension NodeOperation {
  /// The maximum over each window; padding never wins.
  package struct MaxPool: OperationDefinition {
    package let window: Pooling
  }
}

extension NodeOperation.MaxPool {
  package static var kind: NodeOperation.Kind { .maxPool }
  package static var keys: [OperationKey] { NodeOperation.Pooling.keys }
  package static var traits: OperationTraits { .keepsGrid }
  package var operation: NodeOperation { .maxPool(window) }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws {
    self.init(window: try NodeOperation.Pooling(from: container))
  }

  package func encode(to container: inout KeyedEncodingContainer<OperationKey>) throws {
    try window.encode(to: &container)
  }

  package func checkAttributes(_ check: AttributeCheck) throws {
    try window.checkAttributes(check)
    guard window.countIncludesPadding else {
      throw check.invalid(.countIncludesPadding, "false", "applies to average pooling only")
    }
  }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    try window.outputShape(of: inputs[0], node: node)
  }
}

extension NetworkBuilder.Value {
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
}
