import Networks

extension ONNXGraphBuilder {
  mutating func addConvolution(_ attributes: NodeOperation.Convolution, _ node: NodeExport) {
    add(
      "Conv", node, inputs: withWeights(node),
      [
        ("kernel_shape", .integers(attributes.kernelSize.pair)),
        ("strides", .integers(attributes.stride.pair)),
        ("pads", .integers(attributes.padding.pair + attributes.padding.pair)),
        ("dilations", .integers(attributes.dilation.pair)),
        ("group", .integer(attributes.groups)),
      ])
  }
}
