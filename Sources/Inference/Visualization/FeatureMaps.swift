package import Networks
package import Tensors

/// Values inside of a network, and which of them are worth a look.
package enum FeatureMaps {
  /// What nodes make of one image, in one run.
  ///
  /// - Parameters:
  ///   - nodes: Names of nodes of the network.
  ///   - network: The network.
  ///   - weights: Its tensors; int8 ones are taken for the floats that they stand for.
  ///   - input: One image `[C, H, W]`.
  ///   - threads: Threads, all cores if nil.
  /// - Returns: The values by name, row-major, each in its node's shape.
  /// - Throws: `InferenceError`, or `NetworkError.unknownOutput` where there is no such node.
  package static func values(
    of nodes: [String], in network: Network, weights: Weights, input: [Float], threads: Int? = nil
  ) throws -> [String: [Float]] {
    let values = try NetworkValues(of: nodes, in: network, weights: weights, threads: threads)
    return try input.withUnsafeBufferPointer { input in
      try values.run(input, count: 1) { lent in
        Dictionary(nodes.map { ($0, Array(lent[$0, 0])) }, uniquingKeysWith: { $1 })
      }
    }
  }

  /// Of each size that maps have in the network, the last value before the size changes, where a
  /// convolution worked at that size: from what low layers see to what high ones do.
  ///
  /// - Parameter network: The network.
  /// - Returns: Names of nodes, in their order.
  package static func stages(of network: Network) -> [String] {
    var last: [TensorShape: String] = [:]
    var order: [TensorShape] = []
    for node in network.nodes {
      let shape = network.shape(of: node.name)
      guard shape.isFeatureMap, shape.height * shape.width > 1 else { continue }
      let size = TensorShape([shape.height, shape.width])
      if case .convolution = node.operation, !order.contains(size) { order.append(size) }
      if order.contains(size) { last[size] = node.name }
    }
    return order.compactMap { last[$0] }
  }

  /// The value behind each convolution, with the normalisation and the activation that follow it.
  ///
  /// - Parameter network: The network.
  /// - Returns: Names of nodes, in their order.
  package static func layers(of network: Network) -> [String] {
    network.nodes.compactMap { node in
      guard case .convolution = node.operation else { return nil }
      var name = node.name
      while network.readers(of: name).count == 1, let reader = network.readers(of: name).first,
        reader.operation.finishesConvolution
      {
        name = reader.name
      }
      return name
    }
  }
}

extension NodeOperation {
  /// Whether the operation belongs to the convolution before it.
  fileprivate var finishesConvolution: Bool {
    traits.contains(.mayRunInPlace) && !traits.contains(.isTrainingOnly)
  }
}
