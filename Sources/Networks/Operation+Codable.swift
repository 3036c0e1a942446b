/// The JSON of a node is flat: `{"name", "type", "inputs", …the operation's attributes}`.
extension Operation {
  package enum Key: String, CodingKey, CaseIterable, Sendable {
    case outputChannels, kernelSize, stride, padding, dilation, groups, bias
    case outputFeatures, ceilMode, countIncludesPadding, outputSize, epsilon, momentum
    case size, alpha, beta, k, probability
  }

  init(kind: Kind, from container: KeyedDecodingContainer<Key>) throws {
    func value<T: Decodable>(_ key: Key, or usual: T) throws -> T {
      try container.decodeIfPresent(T.self, forKey: key) ?? usual
    }
    switch kind {
    case .convolution: self = .convolution(try Convolution(from: container))
    case .linear:
      self = .linear(
        Linear(
          outputFeatures: try container.decode(Int.self, forKey: .outputFeatures),
          bias: try value(.bias, or: true)))
    case .maxPool: self = .maxPool(try Pooling(from: container))
    case .averagePool: self = .averagePool(try Pooling(from: container))
    case .adaptiveAveragePool:
      self = .adaptiveAveragePool(try value(.outputSize, or: 1))
    case .batchNorm:
      self = .batchNorm(
        BatchNorm(epsilon: try value(.epsilon, or: 1e-5), momentum: try value(.momentum, or: 0.1)))
    case .localResponseNorm:
      self = .localResponseNorm(
        LocalResponseNorm(
          size: try container.decode(Int.self, forKey: .size),
          alpha: try value(.alpha, or: 1e-4), beta: try value(.beta, or: 0.75),
          k: try value(.k, or: 1)))
    case .relu: self = .relu
    case .sigmoid: self = .sigmoid
    case .tanh: self = .tanh
    case .dropout: self = .dropout(probability: try value(.probability, or: 0.5))
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

extension Operation.Convolution {
  fileprivate init(from container: KeyedDecodingContainer<Operation.Key>) throws {
    self.init(
      outputChannels: try container.decode(Int.self, forKey: .outputChannels),
      kernelSize: try container.decode(Extent.self, forKey: .kernelSize),
      stride: try container.decodeIfPresent(Extent.self, forKey: .stride) ?? 1,
      padding: try container.decodeIfPresent(Extent.self, forKey: .padding) ?? 0,
      dilation: try container.decodeIfPresent(Extent.self, forKey: .dilation) ?? 1,
      groups: try container.decodeIfPresent(Int.self, forKey: .groups) ?? 1,
      bias: try container.decodeIfPresent(Bool.self, forKey: .bias) ?? true)
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
    let kernelSize = try container.decode(Extent.self, forKey: .kernelSize)
    self.init(
      kernelSize: kernelSize,
      stride: try container.decodeIfPresent(Extent.self, forKey: .stride) ?? kernelSize,
      padding: try container.decodeIfPresent(Extent.self, forKey: .padding) ?? 0,
      ceilMode: try container.decodeIfPresent(Bool.self, forKey: .ceilMode) ?? false,
      countIncludesPadding: try container.decodeIfPresent(
        Bool.self, forKey: .countIncludesPadding) ?? true)
  }

  fileprivate func encode(to container: inout KeyedEncodingContainer<Operation.Key>) throws {
    try container.encode(kernelSize, forKey: .kernelSize)
    try container.encode(stride, forKey: .stride)
    try container.encode(padding, forKey: .padding)
    try container.encode(ceilMode, forKey: .ceilMode)
  }
}
