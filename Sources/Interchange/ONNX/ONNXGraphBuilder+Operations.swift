import Networks

extension ONNXGraphBuilder {
  /// Adds a node's operation with `output` as its value.
  mutating func add(_ node: Node, as output: String) throws {
    let inputs = node.inputs.compactMap { values[$0] }
    let name = node.name
    switch node.operation {
    case .convolution(let attributes):
      add("Conv", output, weighted(node, inputs), convolution(attributes), node: name)
    case .linear:
      add("Gemm", output, weighted(node, inputs), [("transB", .integer(1))], node: name)
    case .maxPool(let window):
      add("MaxPool", output, inputs, pooling(window, of: node), node: name)
    case .averagePool(let window):
      addAveragePool(window, node, inputs, as: output)
    case .adaptiveAveragePool(let extent):
      try addAdaptivePool(extent, node, inputs, as: output)
    case .batchNorm(let attributes):
      let parameters = checkpoint.network.parameters(of: node).compactMap { parameter in
        checkpoint.weights[parameter].map { self.parameter(parameter.key, $0) }
      }
      add(
        "BatchNormalization", output, inputs + parameters,
        [("epsilon", .float(attributes.epsilon))], node: name)
    case .localResponseNorm(let attributes):
      add(
        "LRN", output, inputs,
        [
          ("size", .integer(attributes.size)), ("alpha", .float(attributes.alpha)),
          ("beta", .float(attributes.beta)), ("bias", .float(attributes.k)),
        ], node: name)
    case .relu: add("Relu", output, inputs, node: name)
    case .sigmoid: add("Sigmoid", output, inputs, node: name)
    case .tanh: add("Tanh", output, inputs, node: name)
    case .dropout: add("Identity", output, inputs, node: name)
    case .flatten: add("Flatten", output, inputs, [("axis", .integer(1))], node: name)
    case .add: add(inputs.count == 2 ? "Add" : "Sum", output, inputs, node: name)
    case .concat: add("Concat", output, inputs, [("axis", .integer(1))], node: name)
    }
  }

  /// The inputs of a node with a weight and perhaps a bias, dequantised where they are integers.
  private mutating func weighted(_ node: Node, _ inputs: [String]) -> [String] {
    let stored = checkpoint.weights.nodes[node.name]
    var result = inputs
    for parameter in checkpoint.network.parameters(of: node) {
      guard let tensor = checkpoint.weights[parameter] else { continue }
      let grid = grids[node.inputs[0]]
      if parameter.role == .weight, let scale = stored?.weightScale {
        result.append(quantizedWeight(parameter.key, tensor, scale))
      } else if parameter.role == .bias, let scale = stored?.weightScale, let grid,
        let integers = quantized(tensor, scale, grid)
      {
        result.append(quantizedBias(parameter.key, integers, scale, grid))
      } else {
        result.append(self.parameter(parameter.key, tensor))
      }
    }
    return result
  }

  private func convolution(
    _ attributes: NodeOperation.Convolution
  ) -> [(name: String, value: ONNXNode.Attribute)] {
    [
      ("kernel_shape", .integers(attributes.kernelSize.pair)),
      ("strides", .integers(attributes.stride.pair)),
      ("pads", .integers(attributes.padding.pair + attributes.padding.pair)),
      ("dilations", .integers(attributes.dilation.pair)),
      ("group", .integer(attributes.groups)),
    ]
  }
}

extension Extent {
  /// Height and width.
  var pair: [Int] { [height, width] }
}
