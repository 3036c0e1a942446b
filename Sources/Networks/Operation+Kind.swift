extension Operation {
  /// An operation without its attributes; the raw value is its name in JSON and in summaries, the
  /// field's usual class name.
  public enum Kind: String, CaseIterable, Sendable {
    /// See `Operation.convolution`.
    case convolution = "Conv2d"
    /// See `Operation.linear`.
    case linear = "Linear"
    /// See `Operation.maxPool`.
    case maxPool = "MaxPool2d"
    /// See `Operation.averagePool`.
    case averagePool = "AvgPool2d"
    /// See `Operation.adaptiveAveragePool`.
    case adaptiveAveragePool = "AdaptiveAvgPool2d"
    /// See `Operation.batchNorm`.
    case batchNorm = "BatchNorm2d"
    /// See `Operation.localResponseNorm`.
    case localResponseNorm = "LocalResponseNorm"
    /// See `Operation.relu`.
    case relu = "ReLU"
    /// See `Operation.sigmoid`.
    case sigmoid = "Sigmoid"
    /// See `Operation.tanh`.
    case tanh = "Tanh"
    /// See `Operation.dropout`.
    case dropout = "Dropout"
    /// See `Operation.flatten`.
    case flatten = "Flatten"
    /// See `Operation.add`.
    case add = "Add"
    /// See `Operation.concat`.
    case concat = "Concat"
  }

  /// This operation without its attributes.
  public var kind: Kind {
    switch self {
    case .convolution: .convolution
    case .linear: .linear
    case .maxPool: .maxPool
    case .averagePool: .averagePool
    case .adaptiveAveragePool: .adaptiveAveragePool
    case .batchNorm: .batchNorm
    case .localResponseNorm: .localResponseNorm
    case .relu: .relu
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    case .dropout: .dropout
    case .flatten: .flatten
    case .add: .add
    case .concat: .concat
    }
  }

  /// How many inputs the operation takes.
  public var inputCount: ClosedRange<Int> {
    switch self {
    case .add, .concat: 2...1024
    case .convolution, .linear, .maxPool, .averagePool, .adaptiveAveragePool, .batchNorm,
      .localResponseNorm, .relu, .sigmoid, .tanh, .dropout, .flatten:
      1...1
    }
  }
}
