extension Operation {
  /// Refuses attributes that no network can mean.
  func checkAttributes(node: String) throws {
    let check = AttributeCheck(node: node)
    switch self {
    case .convolution(let attributes): try check.convolution(attributes)
    case .linear(let attributes):
      try check.count("outputFeatures", attributes.outputFeatures)
    case .maxPool(let window):
      try check.pooling(window)
      guard window.countIncludesPadding else {
        throw check.invalid("countIncludesPadding", "false", "applies to average pooling only")
      }
    case .averagePool(let window): try check.pooling(window)
    case .adaptiveAveragePool(let extent): try check.positive("outputSize", extent)
    case .batchNorm(let attributes):
      try check.number("epsilon", attributes.epsilon, above: 0, upTo: 1)
      try check.number("momentum", attributes.momentum, above: 0, upTo: 1)
    case .localResponseNorm(let attributes): try check.localResponseNorm(attributes)
    case .dropout(let probability):
      guard probability >= 0, probability < 1 else {
        throw check.invalid("probability", "\(probability)", "must be at least 0 and below 1")
      }
    case .relu, .sigmoid, .tanh, .flatten, .add, .concat: break
    }
  }
}

private struct AttributeCheck {
  let node: String

  func invalid(_ attribute: String, _ value: String, _ rule: String) -> NetworkError {
    .invalidAttribute(node: node, attribute: attribute, value: value, rule: rule)
  }

  func count(_ attribute: String, _ value: Int) throws {
    guard (1...Limits.attribute).contains(value) else {
      throw invalid(attribute, "\(value)", "must be from 1 to \(Limits.attribute)")
    }
  }

  func positive(_ attribute: String, _ extent: Extent) throws {
    try count(attribute, extent.height)
    try count(attribute, extent.width)
  }

  func number(_ attribute: String, _ value: Double, above low: Double, upTo high: Double) throws {
    guard value > low, value <= high else {
      throw invalid(attribute, "\(value)", "must be above \(low) and at most \(high)")
    }
  }

  func padding(_ extent: Extent, rule: String, limit: (Extent) -> Bool) throws {
    guard extent.height >= 0, extent.width >= 0, limit(extent) else {
      throw invalid("padding", "\(extent)", rule)
    }
  }

  func convolution(_ attributes: Operation.Convolution) throws {
    try count("outputChannels", attributes.outputChannels)
    try count("groups", attributes.groups)
    try positive("kernelSize", attributes.kernelSize)
    try positive("stride", attributes.stride)
    try positive("dilation", attributes.dilation)
    try padding(attributes.padding, rule: "must be from 0 to \(Limits.attribute)") {
      max($0.height, $0.width) <= Limits.attribute
    }
  }

  func pooling(_ window: Operation.Pooling) throws {
    try positive("kernelSize", window.kernelSize)
    try positive("stride", window.stride)
    try padding(window.padding, rule: "must be from 0 to half of the kernel \(window.kernelSize)") {
      $0.height <= window.kernelSize.height / 2 && $0.width <= window.kernelSize.width / 2
    }
  }

  func localResponseNorm(_ attributes: Operation.LocalResponseNorm) throws {
    guard attributes.size % 2 == 1, (1...Limits.attribute).contains(attributes.size) else {
      throw invalid("size", "\(attributes.size)", "must be odd and from 1 to \(Limits.attribute)")
    }
    try number("alpha", attributes.alpha, above: 0, upTo: 1e6)
    try number("beta", attributes.beta, above: 0, upTo: 1e6)
    try number("k", attributes.k, above: 0, upTo: 1e6)
  }
}
