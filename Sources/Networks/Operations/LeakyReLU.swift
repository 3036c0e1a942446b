extension NodeOperation {
  /// `x` where `x > 0`, else `negativeSlope · x` (Maas et al. 2013, §2).
  public struct LeakyReLU: OperationDefinition {
    /// The factor of negative elements, from 0 to 10⁶.
    public var negativeSlope: Double

    /// A leaky ReLU with PyTorch's default.
    public init(negativeSlope: Double = 0.01) { self.negativeSlope = negativeSlope }
  }
}

extension NodeOperation.LeakyReLU {
  package static var kind: NodeOperation.Kind { .leakyReLU }
  package static var keys: [OperationKey] { [.negativeSlope] }
  package static var traits: OperationTraits { .mayRunInPlace }
  package var operation: NodeOperation { .leakyReLU(self) }

  package init(from container: KeyedDecodingContainer<OperationKey>) throws {
    self.init(negativeSlope: try container.attribute(.negativeSlope, or: 0.01))
  }

  package func encode(to container: inout KeyedEncodingContainer<OperationKey>) throws {
    try container.encode(negativeSlope, forKey: .negativeSlope)
  }

  package func checkAttributes(_ check: AttributeCheck) throws {
    // The gradient is computed from the result, whose sign is the input's only then.
    guard (0...1e6).contains(negativeSlope) else {
      throw check.invalid(.negativeSlope, "\(negativeSlope)", "must be from 0 to 1e6")
    }
  }

  package func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    inputs[0]
  }
}

extension OperationKey {
  static let negativeSlope: OperationKey = "negativeSlope"
}

extension NetworkBuilder.Value {
  /// `x` where `x > 0`, else `negativeSlope · x`.
  public func leakyReLU(_ negativeSlope: Double = 0.01) -> Self {
    then(numbered: "leakyrelu", .leakyReLU(.init(negativeSlope: negativeSlope)))
  }
}
