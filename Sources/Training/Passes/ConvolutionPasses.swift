internal import COneDNN
internal import Networks

/// How one pass of a convolution is computed.
struct ConvolutionKernel: Hashable {
  enum Algorithm {
    case direct
    /// oneDNN's, F(4×4, 3×3).
    case winograd
    /// `WinogradPasses`: F(6×6, 3×3) and F(4×4, 5×5).
    case largeTiles
    /// `ShallowGradient`, by the weights only.
    case shallow
  }

  var algorithm = Algorithm.direct
  var element = Layout.Element.float32
}

/// The three passes of one convolution as oneDNN's descriptors: source, weights and result in the
/// layouts that the implementation asks for.
struct ConvolutionPasses {
  let node: String
  /// `[N, C, H, W]`.
  let source: [Int]
  /// `[O, C, H, W]`, or `[G, O/G, C/G, H, W]`.
  let weight: [Int]
  /// `[N, O, H, W]`.
  let output: [Int]
  let window: cnn_window
  let hasBias: Bool

  func forward(
    _ kernel: ConvolutionKernel, fusesReLU: Bool, in graph: GraphBuilder
  ) throws -> PrimitiveDescriptor {
    let attributes = try Engine.attributes(relu: fusesReLU)
    defer { dnnl_primitive_attr_destroy(attributes) }
    // For inference alone Winograd wants weights that are transformed already, in a layout of its own
    // that oneDNN cannot fill from the one that training keeps them in.
    let propagation =
      graph.mode == .training || kernel.algorithm == .winograd
      ? dnnl_forward_training : dnnl_forward_inference
    return try describe("convolution", kernel) { created, algorithm, layouts in
      cnn_convolution_forward(
        &created, graph.engine.handle, attributes, propagation, algorithm, layouts.source,
        layouts.weight, layouts.bias, layouts.output, layouts.window)
    }
  }

  func backwardWeights(
    _ kernel: ConvolutionKernel, in graph: GraphBuilder
  ) throws -> PrimitiveDescriptor {
    let hint = try forward(kernel, fusesReLU: false, in: graph)
    // The gradient is summed in fp32 and stays so.
    return try describe("convolution backward weights", kernel, weightElement: .float32) {
      created, algorithm, layouts in
      cnn_convolution_backward_weights(
        &created, graph.engine.handle, graph.engine.attributes, algorithm, layouts.source,
        layouts.weight, layouts.bias, layouts.output, layouts.window, hint.handle)
    }
  }

  func backwardData(
    _ kernel: ConvolutionKernel, in graph: GraphBuilder
  ) throws -> PrimitiveDescriptor {
    let hint = try forward(kernel, fusesReLU: false, in: graph)
    return try describe("convolution backward data", kernel) { created, algorithm, layouts in
      cnn_convolution_backward_data(
        &created, graph.engine.handle, graph.engine.attributes, algorithm, layouts.source,
        layouts.weight, layouts.output, layouts.window, hint.handle)
    }
  }

  private struct Layouts {
    let source, weight, output: cnn_layout
    let bias: cnn_layout?
    let window: UnsafePointer<cnn_window>
  }

  /// A Winograd kernel that oneDNN does not have for a shape is the direct one.
  private func describe(
    _ call: String, _ kernel: ConvolutionKernel, weightElement: Layout.Element? = nil,
    _ create: (inout dnnl_primitive_desc_t?, dnnl_alg_kind_t, Layouts) -> dnnl_status_t
  ) throws -> PrimitiveDescriptor {
    let source = try Layout.any(source, kernel.element).descriptor
    let weight = try Layout.any(weight, weightElement ?? kernel.element).descriptor
    let output = try Layout.any(output, kernel.element).descriptor
    let bias = try Layout.plain([self.output[1]]).descriptor
    func attempt(_ algorithm: dnnl_alg_kind_t) throws -> PrimitiveDescriptor {
      try PrimitiveDescriptor(node: node, call) { created in
        withUnsafePointers(source, weight, output, bias) { source, weight, output, bias in
          withUnsafePointer(to: window) { window in
            let layouts = Layouts(
              source: source, weight: weight, output: output, bias: hasBias ? bias : nil,
              window: window)
            return create(&created, algorithm, layouts)
          }
        }
      }
    }
    if kernel.algorithm == .winograd, let found = try? attempt(dnnl_convolution_winograd) {
      return found
    }
    return try attempt(dnnl_convolution_direct)
  }
}

private func withUnsafePointers<Value, Result>(
  _ a: Value, _ b: Value, _ c: Value, _ d: Value,
  _ body: (
    UnsafePointer<Value>, UnsafePointer<Value>, UnsafePointer<Value>, UnsafePointer<Value>
  ) throws -> Result
) rethrows -> Result {
  try withUnsafePointer(to: a) { a in
    try withUnsafePointer(to: b) { b in
      try withUnsafePointer(to: c) { c in
        try withUnsafePointer(to: d) { d in try body(a, b, c, d) }
      }
    }
  }
}
