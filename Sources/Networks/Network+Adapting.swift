extension Network {
  /// The same network for another input size or number of input channels.
  ///
  /// - Parameters:
  ///   - channels: The input's channels, or nil to keep them.
  ///   - imageSize: The input's height and width, or nil to keep them.
  /// - Returns: The network with its shapes inferred again.
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

  /// The positions of the layers whose width is the number of classes: walks back from the output over
  /// layers that keep the number of channels.
  private func headPositions() throws -> [Int] {
    var head: [Int] = []
    var name = output
    walk: while let position = position(of: name) {
      let node = nodes[position]
      if case .linear = node.operation {
        guard head.isEmpty else { break walk }
        return [position]
      } else if case .convolution(let attributes) = node.operation {
        let decides = attributes.outputChannels == classCount
        guard head.isEmpty || decides && readers(of: name).count == 1 else { break walk }
        head.append(position)
        guard decides else { break walk }
      } else if node.operation.inputCount.upperBound > 1 {
        guard !head.isEmpty else { throw notAdaptable("joins several branches at its end") }
        break walk
      } else if node.operation.traits.contains(.isReshape), !head.isEmpty {
        break walk
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

extension NodeOperation {
  /// A convolution or linear layer with another number of filters; other operations as they are.
  fileprivate func widened(to width: Int) -> NodeOperation {
    if case .linear(var attributes) = self {
      attributes.outputFeatures = width
      return .linear(attributes)
    }
    if case .convolution(var attributes) = self {
      attributes.outputChannels = width
      return .convolution(attributes)
    }
    return self
  }
}
