extension NodeOperation {
  /// The mean over each window.
  package struct AveragePool: OperationDefinition {
    package let window: Pooling
  }
}

extension NodeOperation.AveragePool {
  package static var kind: NodeOperation.Kind { .averagePool }
  package static var keys: [OperationKey] { NodeOperation.Pooling.keys + [.countIncludesPadding] }
  package var operation: NodeOperation { .averagePool(window) }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws {
    var window = try NodeOperation.Pooling(from: container)
    window.countIncludesPadding = try container.attribute(.countIncludesPadding, or: true)
    self.init(window: window)
  }

  package func encode(to container: inout KeyedEncodingContainer<OperationKey>) throws {
    try window.encode(to: &container)
    try container.encode(window.countIncludesPadding, forKey: .countIncludesPadding)
  }

  package func checkAttributes(_ check: AttributeCheck) throws {
    try window.checkAttributes(check)
  }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    try window.outputShape(of: inputs[0], node: node)
  }
}

extension OperationKey {
  static let countIncludesPadding: OperationKey = "countIncludesPadding"
}

extension NetworkBuilder.Value {
  /// Average pooling; without `stride` windows do not overlap.
  public func averagePool(
    _ kernel: Extent, stride: Extent? = nil, padding: Extent = 0, ceilMode: Bool = false,
    countIncludesPadding: Bool = true
  ) -> Self {
    then(
      numbered: "pool",
      .averagePool(
        .init(
          kernelSize: kernel, stride: stride ?? kernel, padding: padding, ceilMode: ceilMode,
          countIncludesPadding: countIncludesPadding)))
  }
}
