extension NodeOperation {
  /// In training zeroes each element with `probability` and scales the rest by
  /// `1 / (1 − probability)`; the identity in inference (Srivastava et al. 2014).
  package struct Dropout: OperationDefinition {
    package let probability: Double
  }
}

extension NodeOperation.Dropout {
  package static var kind: NodeOperation.Kind { .dropout }
  package static var keys: [OperationKey] { [.probability] }
  package static var traits: OperationTraits { [.mayRunInPlace, .keepsGrid, .isTrainingOnly] }
  package var operation: NodeOperation { .dropout(probability: probability) }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws {
    self.init(probability: try container.attribute(.probability, or: 0.5))
  }

  package func encode(to container: inout KeyedEncodingContainer<OperationKey>) throws {
    try container.encode(probability, forKey: .probability)
  }

  package func checkAttributes(_ check: AttributeCheck) throws {
    guard probability >= 0, probability < 1 else {
      throw check.invalid(.probability, "\(probability)", "must be at least 0 and below 1")
    }
  }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    inputs[0]
  }
}

extension OperationKey {
  static let probability: OperationKey = "probability"
}

extension NetworkBuilder.Value {
  /// Dropout.
  public func dropout(_ probability: Double = 0.5) -> Self {
    then(numbered: "drop", .dropout(probability: probability))
  }
}
