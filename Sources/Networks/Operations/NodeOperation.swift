/// What a node computes. The graph is data: the trainer interprets it, the runtime lowers it, the
/// exporter walks it. Each case has one file in this folder that holds all facts about it; the
/// exhaustive `switch`es over these cases list what a new one lacks.
public enum NodeOperation: Hashable, Sendable {
  /// 2-D cross-correlation, `[C, H, W] → [O, H′, W′]`.
  case convolution(Convolution)
  /// `y = W x + b`, `[I] → [O]`.
  case linear(Linear)
  /// Maximum over a window; padding never wins.
  case maxPool(Pooling)
  /// Mean over a window.
  case averagePool(Pooling)
  /// Mean over nearly equal windows, `[C, H, W] → [C, height, width]`; `1` is global average pooling.
  case adaptiveAveragePool(Extent)
  /// Normalisation by batch statistics in training, by running statistics in inference.
  case batchNorm(BatchNorm)
  /// Normalisation across neighbouring channels.
  case localResponseNorm(LocalResponseNorm)
  /// `max(x, 0)`.
  case relu
  /// `x` where `x > 0`, else a fraction of it.
  case leakyReLU(LeakyReLU)
  /// `1 / (1 + e⁻ˣ)`.
  case sigmoid
  /// Hyperbolic tangent.
  case tanh
  /// Zeroes elements at random in training; the identity in inference.
  case dropout(probability: Double)
  /// `[C, H, W] → [C·H·W]`, rows of W innermost.
  case flatten
  /// Element-wise sum of two or more tensors of one shape.
  case add
  /// Concatenation along the channel axis of feature maps of one height and width.
  case concat

  /// All facts about the operation, with its attributes.
  package var definition: any OperationDefinition {
    switch self {
    case .convolution(let attributes): attributes
    case .linear(let attributes): attributes
    case .maxPool(let window): MaxPool(window: window)
    case .averagePool(let window): AveragePool(window: window)
    case .adaptiveAveragePool(let extent): AdaptiveAveragePool(outputSize: extent)
    case .batchNorm(let attributes): attributes
    case .localResponseNorm(let attributes): attributes
    case .relu: ReLU()
    case .leakyReLU(let attributes): attributes
    case .sigmoid: Sigmoid()
    case .tanh: Tanh()
    case .dropout(let probability): Dropout(probability: probability)
    case .flatten: Flatten()
    case .add: Add()
    case .concat: Concat()
    }
  }
}

extension NodeOperation {
  /// An operation without its attributes; the raw value is its name in JSON and in summaries, the
  /// field's usual class name.
  public enum Kind: String, CaseIterable, Sendable {
    /// See `NodeOperation.convolution`.
    case convolution = "Conv2d"
    /// See `NodeOperation.linear`.
    case linear = "Linear"
    /// See `NodeOperation.maxPool`.
    case maxPool = "MaxPool2d"
    /// See `NodeOperation.averagePool`.
    case averagePool = "AvgPool2d"
    /// See `NodeOperation.adaptiveAveragePool`.
    case adaptiveAveragePool = "AdaptiveAvgPool2d"
    /// See `NodeOperation.batchNorm`.
    case batchNorm = "BatchNorm2d"
    /// See `NodeOperation.localResponseNorm`.
    case localResponseNorm = "LocalResponseNorm"
    /// See `NodeOperation.relu`.
    case relu = "ReLU"
    /// See `NodeOperation.leakyReLU`.
    case leakyReLU = "LeakyReLU"
    /// See `NodeOperation.sigmoid`.
    case sigmoid = "Sigmoid"
    /// See `NodeOperation.tanh`.
    case tanh = "Tanh"
    /// See `NodeOperation.dropout`.
    case dropout = "Dropout"
    /// See `NodeOperation.flatten`.
    case flatten = "Flatten"
    /// See `NodeOperation.add`.
    case add = "Add"
    /// See `NodeOperation.concat`.
    case concat = "Concat"

    /// The type that defines operations of this kind.
    package var definition: any OperationDefinition.Type {
      switch self {
      case .convolution: Convolution.self
      case .linear: Linear.self
      case .maxPool: MaxPool.self
      case .averagePool: AveragePool.self
      case .adaptiveAveragePool: AdaptiveAveragePool.self
      case .batchNorm: BatchNorm.self
      case .localResponseNorm: LocalResponseNorm.self
      case .relu: ReLU.self
      case .leakyReLU: LeakyReLU.self
      case .sigmoid: Sigmoid.self
      case .tanh: Tanh.self
      case .dropout: Dropout.self
      case .flatten: Flatten.self
      case .add: Add.self
      case .concat: Concat.self
      }
    }
  }

  /// This operation without its attributes.
  public var kind: Kind { type(of: definition).kind }

  /// How many inputs the operation takes.
  public var inputCount: ClosedRange<Int> { type(of: definition).inputCount }

  /// What engines may do with the operation.
  package var traits: OperationTraits { type(of: definition).traits }

  /// The output's shape, the one rule that trainer, runtime and exporters share.
  ///
  /// - Parameters:
  ///   - inputs: The shapes of the node's inputs, in order.
  ///   - node: The node's name, for messages.
  /// - Returns: The shape of the output, of at most 2²⁸ elements.
  /// - Throws: `NetworkError` where an attribute is out of range or the shapes do not fit.
  public func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    guard inputCount.contains(inputs.count) else {
      throw NetworkError.wrongInputCount(
        node: node, operation: kind.rawValue, expected: inputCount, found: inputs.count)
    }
    let definition = definition
    try definition.checkAttributes(AttributeCheck(node: node))
    return try definition.outputShape(of: inputs, node: node).checked(node: node)
  }
}
