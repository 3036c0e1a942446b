/// The JSON of a node is flat: `{"name", "type", "inputs", …the operation's attributes}`.
extension Operation {
  package enum Key: String, CodingKey, CaseIterable, Sendable {
    case outputChannels, kernelSize, stride, padding, dilation, groups, bias
    case outputFeatures, ceilMode, countIncludesPadding, outputSize, epsilon, momentum
    case size, alpha, beta, k, probability
  }

  init(kind: Kind, from container: KeyedDecodingContainer<Key>) throws {
    switch kind {
    case .convolution: self = .convolution(try Convolution(from: container))
    case .linear:
      self = .linear(
        Linear(
          outputFeatures: try container.attribute(.outputFeatures),
          bias: try container.attribute(.bias, or: true)))
    case .maxPool: self = .maxPool(try Pooling(from: container))
    case .averagePool: self = .averagePool(try Pooling(from: container))
    case .adaptiveAveragePool:
      self = .adaptiveAveragePool(try container.attribute(.outputSize, or: 1))
    case .batchNorm:
      self = .batchNorm(
        BatchNorm(
          epsilon: try container.attribute(.epsilon, or: 1e-5),
          momentum: try container.attribute(.momentum, or: 0.1)))
    case .localResponseNorm:
      self = .localResponseNorm(
        LocalResponseNorm(
          size: try container.attribute(.size),
          alpha: try container.attribute(.alpha, or: 1e-4),
          beta: try container.attribute(.beta, or: 0.75),
          k: try container.attribute(.k, or: 1)))
    case .relu: self = .relu
    case .sigmoid: self = .sigmoid
    case .tanh: self = .tanh
    case .dropout: self = .dropout(probability: try container.attribute(.probability, or: 0.5))
    case .flatten: self = .flatten
    case .add: self = .add
    case .concat: self = .concat
    }
  }

  func encode(to container: inout KeyedEncodingContainer<Key>) throws {
    switch self {
    case .convolution(let attributes): try attributes.encode(to: &container)
    case .linear(let attributes):
      try container.encode(attributes.outputFeatures, forKey: .outputFeatures)
      try container.encode(attributes.bias, forKey: .bias)
    case .maxPool(let window): try window.encode(to: &container)
    case .averagePool(let window):
      try window.encode(to: &container)
      try container.encode(window.countIncludesPadding, forKey: .countIncludesPadding)
    case .adaptiveAveragePool(let extent): try container.encode(extent, forKey: .outputSize)
    case .batchNorm(let attributes):
      try container.encode(attributes.epsilon, forKey: .epsilon)
      try container.encode(attributes.momentum, forKey: .momentum)
    case .localResponseNorm(let attributes):
      try container.encode(attributes.size, forKey: .size)
      try container.encode(attributes.alpha, forKey: .alpha)
      try container.encode(attributes.beta, forKey: .beta)
      try container.encode(attributes.k, forKey: .k)
    case .dropout(let probability): try container.encode(probability, forKey: .probability)
    case .relu, .sigmoid, .tanh, .flatten, .add, .concat: break
    }
  }
}

extension Operation.Kind {
  /// The attributes that an operation of this kind has in JSON.
  package var attributes: [Operation.Key] {
    switch self {
    case .convolution:
      [.outputChannels, .kernelSize, .stride, .padding, .dilation, .groups, .bias]
    case .linear: [.outputFeatures, .bias]
    case .maxPool: [.kernelSize, .stride, .padding, .ceilMode]
    case .averagePool: [.kernelSize, .stride, .padding, .ceilMode, .countIncludesPadding]
    case .adaptiveAveragePool: [.outputSize]
    case .batchNorm: [.epsilon, .momentum]
    case .localResponseNorm: [.size, .alpha, .beta, .k]
    case .dropout: [.probability]
    case .relu, .sigmoid, .tanh, .flatten, .add, .concat: []
    }
  }
}

extension KeyedDecodingContainer {
  /// The value of a key, which must be there.
  func attribute<Value: Decodable>(_ key: Key) throws -> Value {
    do {
      return try decode(Value.self, forKey: key)
    } catch let error where !(error is DecodingError) {
      // The decoder's own error for a number beyond the type; it would lose its place.
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "expected a number in range, whole for counts")
    }
  }

  /// The value of a key, or the usual one.
  fileprivate func attribute<Value: Decodable>(_ key: Key, or usual: Value) throws -> Value {
    contains(key) ? try attribute(key) : usual
  }
}

extension Operation.Convolution {
  fileprivate init(from container: KeyedDecodingContainer<Operation.Key>) throws {
    self.init(
      outputChannels: try container.attribute(.outputChannels),
      kernelSize: try container.attribute(.kernelSize),
      stride: try container.attribute(.stride, or: 1),
      padding: try container.attribute(.padding, or: 0),
      dilation: try container.attribute(.dilation, or: 1),
      groups: try container.attribute(.groups, or: 1),
      bias: try container.attribute(.bias, or: true))
  }

  fileprivate func encode(to container: inout KeyedEncodingContainer<Operation.Key>) throws {
    try container.encode(outputChannels, forKey: .outputChannels)
    try container.encode(kernelSize, forKey: .kernelSize)
    try container.encode(stride, forKey: .stride)
    try container.encode(padding, forKey: .padding)
    try container.encode(dilation, forKey: .dilation)
    try container.encode(groups, forKey: .groups)
    try container.encode(bias, forKey: .bias)
  }
}

extension Operation.Pooling {
  fileprivate init(from container: KeyedDecodingContainer<Operation.Key>) throws {
    let kernelSize: Extent = try container.attribute(.kernelSize)
    self.init(
      kernelSize: kernelSize,
      stride: try container.attribute(.stride, or: kernelSize),
      padding: try container.attribute(.padding, or: 0),
      ceilMode: try container.attribute(.ceilMode, or: false),
      countIncludesPadding: try container.attribute(.countIncludesPadding, or: true))
  }

  fileprivate func encode(to container: inout KeyedEncodingContainer<Operation.Key>) throws {
    try container.encode(kernelSize, forKey: .kernelSize)
    try container.encode(stride, forKey: .stride)
    try container.encode(padding, forKey: .padding)
    try container.encode(ceilMode, forKey: .ceilMode)
  }
}
