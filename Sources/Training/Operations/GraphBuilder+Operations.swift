internal import Networks

extension GraphBuilder {
  /// Returns the layer of a node, with its forward steps emitted.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - index: Its index in the network.
  ///   - sources: The layers of the node's inputs, in order.
  /// - Returns: The layer.
  /// - Throws: `TrainingError`.
  func makeLayer(_ node: Node, index: Int, sources: [any Layer]) throws -> any Layer {
    let inputs = sources.map(\.output)
    let input = inputs[0]
    switch node.operation {
    case .convolution(let attributes):
      return try ConvolutionLayer(node, attributes, input: input, in: self)
    case .linear(let attributes):
      return try LinearLayer(node, attributes, input: input, in: self)
    case .maxPool(let window):
      return try makeMaxPool(node, window, input: input)
    case .averagePool(let window):
      return try makeAveragePool(node, window, input: input)
    case .adaptiveAveragePool(let extent):
      return try makeAdaptiveAveragePool(node, extent, input: input)
    case .batchNorm(let attributes):
      return try BatchNormLayer(node, attributes, input: input, in: self)
    case .localResponseNorm(let attributes):
      return try LocalResponseNormLayer(node, attributes, input: input, in: self)
    case .relu: return try ActivationLayer(node, .relu, of: sources[0], in: self)
    case .leakyReLU(let attributes):
      return try ActivationLayer(node, .leakyReLU(attributes), of: sources[0], in: self)
    case .sigmoid: return try ActivationLayer(node, .sigmoid, of: sources[0], in: self)
    case .tanh: return try ActivationLayer(node, .tanh, of: sources[0], in: self)
    case .dropout(let probability):
      return try DropoutLayer(node, probability, index: index, input: input, in: self)
    case .flatten: return FlattenLayer(input: input, in: self)
    case .add: return try AddLayer(node, inputs: inputs, in: self)
    case .concat: return try ConcatLayer(node, inputs: inputs, in: self)
    }
  }
}
