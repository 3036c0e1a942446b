extension NodeOperation {
  /// The mean over nearly equal windows, `[C, H, W] → [C, height, width]`: output row `i` is the mean
  /// of rows `⌊i·H / height⌋ ..< ⌈(i + 1)·H / height⌉`, columns likewise. `1` is global average
  /// pooling (Lin et al. 2014, §3.2).
  package struct AdaptiveAveragePool: OperationDefinition {
    package let outputSize: Extent
  }
}

extension NodeOperation.AdaptiveAveragePool {
  package static var kind: NodeOperation.Kind { .adaptiveAveragePool }
  package static var keys: [OperationKey] { [.outputSize] }
  package var operation: NodeOperation { .adaptiveAveragePool(outputSize) }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws {
    self.init(outputSize: try container.attribute(.outputSize, or: 1))
  }

  package func encode(to container: inout KeyedEncodingContainer<OperationKey>) throws {
    try container.encode(outputSize, forKey: .outputSize)
  }

  package func checkAttributes(_ check: AttributeCheck) throws {
    try check.positive(.outputSize, outputSize)
  }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    let input = try inputs[0].requireFeatureMap(node)
    return TensorShape(
      channels: input.channels, height: outputSize.height, width: outputSize.width)
  }
}

extension OperationKey {
  static let outputSize: OperationKey = "outputSize"
}

extension NetworkBuilder.Value {
  /// Average pooling to `[C, height, width]`; 1 is global average pooling.
  public func adaptiveAveragePool(_ extent: Extent = 1) -> Self {
    then(numbered: "pool", .adaptiveAveragePool(extent))
  }
}
