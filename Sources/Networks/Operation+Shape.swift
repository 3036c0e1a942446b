extension Operation {
  /// The output's shape, the one rule that trainer, runtime and exporters share.
  ///
  /// - Parameters:
  ///   - inputs: The shapes of the node's inputs, in order.
  ///   - node: The node's name, for messages.
  /// - Returns: The shape of the output, of at most 2²⁸ elements.
  /// - Throws: `NetworkError` where an attribute is out of range or the shapes do not fit.
  public func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    guard inputCount.contains(inputs.count), let first = inputs.first else {
      throw NetworkError.wrongInputCount(
        node: node, operation: kind.rawValue, expected: inputCount, found: inputs.count)
    }
    try checkAttributes(node: node)
    let shape =
      switch self {
      case .convolution(let attributes): try attributes.outputShape(of: first, node: node)
      case .linear(let attributes): try attributes.outputShape(of: first, node: node)
      case .maxPool(let window), .averagePool(let window):
        try window.outputShape(of: first, node: node)
      case .adaptiveAveragePool(let extent):
        try requireFeatureMap(first, node).resized(to: extent)
      case .batchNorm, .localResponseNorm: try requireFeatureMap(first, node)
      case .relu, .sigmoid, .tanh, .dropout: first
      case .flatten: TensorShape(features: first.elementCount)
      case .add: try sum(inputs, node: node)
      case .concat: try concatenation(inputs, node: node)
      }
    return try shape.checked(node: node)
  }

  private func sum(_ inputs: [TensorShape], node: String) throws -> TensorShape {
    for shape in inputs.dropFirst() where shape != inputs[0] {
      throw NetworkError.shapeMismatch(
        node: node, rule: "adds tensors of one shape", first: inputs[0], second: shape)
    }
    return inputs[0]
  }

  private func concatenation(_ inputs: [TensorShape], node: String) throws -> TensorShape {
    let first = try requireFeatureMap(inputs[0], node)
    for shape in inputs.dropFirst()
    where !shape.isFeatureMap || shape.height != first.height || shape.width != first.width {
      throw NetworkError.shapeMismatch(
        node: node, rule: "joins feature maps of one height and width", first: first, second: shape)
    }
    let channels = inputs.reduce(0) { $0 + $1.channels }
    return TensorShape(channels: channels, height: first.height, width: first.width)
  }
}

private func requireFeatureMap(_ shape: TensorShape, _ node: String) throws -> TensorShape {
  guard shape.isFeatureMap else {
    throw NetworkError.wrongRank(node: node, expected: "a feature map C×H×W", found: shape)
  }
  return shape
}

extension TensorShape {
  fileprivate func resized(to extent: Extent) -> TensorShape {
    TensorShape(channels: channels, height: extent.height, width: extent.width)
  }

  /// This shape, if its element count fits the limit.
  func checked(node: String) throws -> TensorShape {
    var count = 1
    for dimension in dimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow, product <= Limits.elements else {
        throw NetworkError.tooLarge(node: node, shape: self)
      }
      count = product
    }
    return self
  }
}

extension Operation.Convolution {
  fileprivate func outputShape(of input: TensorShape, node: String) throws -> TensorShape {
    let input = try requireFeatureMap(input, node)
    guard input.channels % groups == 0, outputChannels % groups == 0 else {
      throw NetworkError.invalidAttribute(
        node: node, attribute: "groups", value: "\(groups)",
        rule: "must divide \(input.channels) input and \(outputChannels) output channels")
    }
    let reach = Extent(
      height: (kernelSize.height - 1) * dilation.height + 1,
      width: (kernelSize.width - 1) * dilation.width + 1)
    let window = Operation.Pooling(kernelSize: reach, stride: stride, padding: padding)
    let output = try window.outputShape(of: input, node: node)
    return TensorShape(channels: outputChannels, height: output.height, width: output.width)
  }
}

extension Operation.Linear {
  fileprivate func outputShape(of input: TensorShape, node: String) throws -> TensorShape {
    guard !input.isFeatureMap else {
      throw NetworkError.wrongRank(
        node: node, expected: "a vector (put a Flatten before it)", found: input)
    }
    return TensorShape(features: outputFeatures)
  }
}

extension Operation.Pooling {
  fileprivate func outputShape(of input: TensorShape, node: String) throws -> TensorShape {
    let input = try requireFeatureMap(input, node)
    let height = try extent(
      input.height, kernelSize.height, stride.height, padding.height, input, node)
    let width = try extent(input.width, kernelSize.width, stride.width, padding.width, input, node)
    return TensorShape(channels: input.channels, height: height, width: width)
  }

  /// `⌊(n + 2p − k) / s⌋ + 1`, or in ceil mode `⌈(n + 2p − k) / s⌉ + 1` less a last window that
  /// would start past the input and its left padding: PyTorch's `pooling_output_shape`, in which a
  /// window in ceil mode may be larger than its padded input.
  private func extent(
    _ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ input: TensorShape, _ node: String
  ) throws -> Int {
    let room = size + 2 * padding - kernel + (ceilMode ? stride - 1 : 0)
    guard room >= 0 else {
      throw NetworkError.kernelTooLarge(node: node, kernel: kernelSize, input: input)
    }
    let steps = room / stride
    return ceilMode && steps * stride >= size + padding ? steps : steps + 1
  }
}
