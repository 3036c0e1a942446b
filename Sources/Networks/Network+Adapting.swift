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
    guard shape != input else { return self }
    return try Network(
      name: name, input: shape, nodes: nodes, output: output, initialization: initialization)
  }

  /// The same network with another number of classes: the last layer that decides the output's
  /// length gets another width. A chain of convolutions at the end that each have one filter a
  /// class, as in Network in Network, is widened as a whole.
  ///
  /// - Parameter classes: The new number of class scores.
  /// - Returns: The network with its head replaced.
  /// - Throws: `NetworkError.notAdaptable` where no single convolution or linear layer decides the
  ///   output's length, and the errors of the new network.
  public func adapted(classes: Int) throws -> Network {
    guard classes != classCount else { return self }
    var nodes = nodes
    for position in try headPositions() {
      nodes[position].operation = nodes[position].operation.widened(to: classes)
    }
    let result = try Network(
      name: name, input: input, nodes: nodes, output: output, initialization: initialization)
    guard result.classCount == classes else {
      throw notAdaptable("gives \(result.classCount) scores for \(classes) filters of its head")
    }
    return result
  }

  /// The places of the layers whose width is the number of classes: walks back from the output over
  /// layers that keep the number of channels.
  private func headPositions() throws -> [Int] {
    var head: [Int] = []
    var name = output
    walk: while let position = position(of: name) {
      let node = nodes[position]
      switch node.operation {
      case .linear where head.isEmpty:
        return [position]
      case .convolution(let attributes) where head.isEmpty:
        head.append(position)
        guard attributes.outputChannels == classCount else { break walk }
      case .convolution(let attributes)
      where attributes.outputChannels == classCount && readers(of: name).count == 1:
        head.append(position)
      case .add where head.isEmpty, .concat where head.isEmpty:
        throw notAdaptable("joins several branches at its end")
      case .linear, .convolution, .add, .concat,
        .flatten where !head.isEmpty:
        break walk
      case .maxPool, .averagePool, .adaptiveAveragePool, .batchNorm, .localResponseNorm, .relu,
        .sigmoid, .tanh, .dropout, .flatten:
        break
      }
      name = node.inputs[0]
    }
    guard !head.isEmpty else { throw notAdaptable("has no convolution or linear layer") }
    return head
  }

  private func notAdaptable(_ reason: String) -> NetworkError {
    .notAdaptable(network: name, reason: reason)
  }
}

extension Operation {
  /// A convolution or linear layer with another number of filters; other operations as they are.
  fileprivate func widened(to width: Int) -> Operation {
    switch self {
    case .linear(var attributes):
      attributes.outputFeatures = width
      return .linear(attributes)
    case .convolution(var attributes):
      attributes.outputChannels = width
      return .convolution(attributes)
    case .maxPool, .averagePool, .adaptiveAveragePool, .batchNorm, .localResponseNorm, .relu,
      .sigmoid, .tanh, .dropout, .flatten, .add, .concat:
      return self
    }
  }
}
