internal import COneDNN

/// The three passes of a linear layer as oneDNN's descriptors.
struct LinearPasses {
  let node: String
  /// `[N, F]` or `[N, C, H, W]`.
  let source: [Int]
  /// `[O, F]` or `[O, C, H, W]`.
  let weight: [Int]
  /// `[N, O]`.
  let output: [Int]
  let hasBias: Bool
  let element: Layout.Element
  let outputElement: Layout.Element

  func forward(fusesReLU: Bool, in graph: GraphBuilder) throws -> PrimitiveDescriptor {
    var source = try Layout.any(source, element).descriptor
    var weights = try Layout.any(weight, element).descriptor
    var bias = try Layout.plain([output[1]]).descriptor
    var target = try Layout.plain(output, outputElement).descriptor
    let attributes = try Engine.attributes(relu: fusesReLU)
    defer { dnnl_primitive_attr_destroy(attributes) }
    let propagation =
      graph.mode == .training ? dnnl_forward_training : dnnl_forward_inference
    return try PrimitiveDescriptor(node: node, "inner product") { created in
      withUnsafePointer(to: &bias) { bias in
        cnn_linear_forward(
          &created, graph.engine.handle, attributes, propagation, &source, &weights,
          hasBias ? bias : nil, &target)
      }
    }
  }

  func backwardWeights(source: Layout, in graph: GraphBuilder) throws -> PrimitiveDescriptor {
    let hint = try forward(fusesReLU: false, in: graph)
    var source = source.descriptor
    // The gradient is summed in fp32 and stays so.
    var weights = try Layout.any(weight).descriptor
    var bias = try Layout.plain([output[1]]).descriptor
    var target = try Layout.any(output, element).descriptor
    return try PrimitiveDescriptor(node: node, "inner product backward weights") { created in
      withUnsafePointer(to: &bias) { bias in
        cnn_linear_backward_weights(
          &created, graph.engine.handle, graph.engine.attributes, &source, &weights,
          hasBias ? bias : nil, &target, hint.handle)
      }
    }
  }

  func backwardData(
    source: Layout, weights: Layout, in graph: GraphBuilder
  ) throws -> PrimitiveDescriptor {
    let hint = try forward(fusesReLU: false, in: graph)
    var source = source.descriptor
    var weights = weights.descriptor
    var target = try Layout.any(output, element).descriptor
    return try PrimitiveDescriptor(node: node, "inner product backward data") {
      cnn_linear_backward_data(
        &$0, graph.engine.handle, graph.engine.attributes, &source, &weights, &target, hint.handle)
    }
  }
}
