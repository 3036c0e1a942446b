extension Network {
  /// The same network for another input size or number of input channels.
  ///
  /// - Parameters:
  ///   - channels: The input's channels, or nil to keep them.
  ///   - imageSize: The input's height and width, or nil to keep them.
  /// - Returns: The network with its shapes inferred anew.
  /// - Throws: `NetworkError` where a layer does not fit the new input.
  public func adapted(channels: Int? = nil, imageSize: Int? = nil) throws -> Network {
    let shape = TensorShape(
      channels: channels ?? input.channels, height: imageSize ?? input.height,
      width: imageSize ?? input.width)
    return try Network(
      name: name, input: shape, nodes: nodes, output: output, initialization: initialization)
  }

  /// The same network with another number of classes: the last layer that decides the output's
  /// length gets another width.
  ///
  /// - Parameter classes: The new number of class scores.
  /// - Returns: The network with its head replaced.
  /// - Throws: `NetworkError.notAdaptable` where no single convolution or linear layer decides the
  ///   output's length.
  public func adapted(classes: Int) throws -> Network {
    guard classes != classCount else { return self }
    var nodes = nodes
    let head = try headIndex()
    switch nodes[head].operation {
    case .linear(var attributes):
      attributes.outputFeatures = classes
      nodes[head].operation = .linear(attributes)
    case .convolution(var attributes):
      attributes.outputChannels = classes
      nodes[head].operation = .convolution(attributes)
    case .maxPool, .averagePool, .adaptiveAveragePool, .batchNorm, .localResponseNorm, .relu,
      .sigmoid, .tanh, .dropout, .flatten, .add, .concat:
      throw notAdaptable("has no convolution or linear layer at its end")
    }
    let result = try Network(
      name: name, input: input, nodes: nodes, output: output, initialization: initialization)
    guard result.classCount == classes else {
      throw notAdaptable("gives \(result.classCount) scores for \(classes) filters of its head")
    }
    return result
  }

  /// Walks back from the output over layers that keep the number of channels.
  private func headIndex() throws -> Int {
    var name = output
    while let index = nodes.firstIndex(where: { $0.name == name }) {
      switch nodes[index].operation {
      case .linear, .convolution: return index
      case .add, .concat: throw notAdaptable("joins several branches at its end")
      case .maxPool, .averagePool, .adaptiveAveragePool, .batchNorm, .localResponseNorm, .relu,
        .sigmoid, .tanh, .dropout, .flatten:
        name = nodes[index].inputs[0]
      }
    }
    throw notAdaptable("has no convolution or linear layer")
  }

  private func notAdaptable(_ reason: String) -> NetworkError {
    .notAdaptable(network: name, reason: reason)
  }
}
