internal import Networks

/// A node of the graph that is being built: its forward steps are emitted by its initialiser.
protocol Layer: AnyObject {
  /// The node's value.
  var output: Memory { get }

  /// Emits the backward steps. `gradient` is the loss's by `output`, and the caller keeps its
  /// reference; `needed` tells for each input whether its gradient is wanted. The result has for
  /// each input a memory with one reference for the caller, or nil.
  func makeBackward(gradient: Memory, needed: [Bool], in graph: GraphBuilder) throws -> [Memory?]
}

extension GraphBuilder {
  /// The layer of a node, with its forward steps emitted.
  func makeLayer(_ node: Node, index: Int, inputs: [Memory], fusesReLU: Bool) throws -> any Layer {
    let input = inputs[0]
    switch node.operation {
    case .convolution(let attributes):
      let choice = ConvolutionTable.choice(
        attributes, input: network.inputShapes(of: node)[0], output: network.shape(of: node.name),
        precision: precision)
      return try ConvolutionLayer(
        node, attributes, choice: choice, input: input, fusesReLU: fusesReLU, in: self)
    case .linear(let attributes):
      return try LinearLayer(node, attributes, input: input, fusesReLU: fusesReLU, in: self)
    case .maxPool(let window):
      if let layer = try MaxPoolLayer(node, window, input: input, in: self) { return layer }
      return try PoolingLayer(node, window, isMaximum: true, input: input, in: self)
    case .averagePool(let window):
      guard window.hasUniformDivisor(over: network.inputShapes(of: node)[0]) else {
        return try IrregularAveragePoolLayer(node, input: input, in: self)
      }
      return try PoolingLayer(node, window, isMaximum: false, input: input, in: self)
    case .adaptiveAveragePool(let extent):
      guard let window = extent.window(over: network.inputShapes(of: node)[0]) else {
        return try IrregularAveragePoolLayer(node, input: input, in: self)
      }
      return try PoolingLayer(node, window, isMaximum: false, input: input, in: self)
    case .batchNorm(let attributes):
      return try BatchNormLayer(node, attributes, input: input, in: self)
    case .localResponseNorm(let attributes):
      return try LocalResponseNormLayer(node, attributes, input: input, in: self)
    case .relu:
      return try ActivationLayer(node, .relu, input: input, isFused: fusesReLU, in: self)
    case .sigmoid:
      return try ActivationLayer(node, .sigmoid, input: input, isFused: false, in: self)
    case .tanh: return try ActivationLayer(node, .tanh, input: input, isFused: false, in: self)
    case .dropout(let probability):
      return try DropoutLayer(node, probability, index: index, input: input, in: self)
    case .flatten: return FlattenLayer(input: input, in: self)
    case .add: return try AddLayer(node, inputs: inputs, in: self)
    case .concat: return try ConcatLayer(node, inputs: inputs, in: self)
    }
  }
}
