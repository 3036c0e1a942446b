internal import COneDNN
internal import Networks

/// Maximum or average over a window, in the layout of its input.
final class PoolingLayer: Layer {
  let output: Memory
  /// The gradient by maxima may go through the ReLU before them, by the signs of the maxima.
  var keepsOutput: Bool { algorithm == dnnl_pooling_max }
  private let node: Node
  private let window: cnn_window
  private let algorithm: dnnl_alg_kind_t
  private let sourceLayout: Layout
  private let workspace: Memory?
  private let descriptor: PrimitiveDescriptor

  init(
    _ node: Node, _ window: NodeOperation.Pooling, isMaximum: Bool, input: Memory,
    in graph: GraphBuilder
  ) throws {
    self.node = node
    self.window = cnn_window(
      window, input: graph.network.inputShapes(of: node)[0],
      output: graph.network.shape(of: node.name))
    algorithm =
      isMaximum
      ? dnnl_pooling_max
      : window.countIncludesPadding
        ? dnnl_pooling_avg_include_padding : dnnl_pooling_avg_exclude_padding
    sourceLayout = input.layout
    descriptor = try Self.forward(node, self.window, algorithm, input, graph)
    output = try graph.memory(descriptor.layout(dnnl_query_dst_md))
    var arguments = [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)]
    let space = try? descriptor.layout(dnnl_query_workspace_md)
    if graph.mode == .training, isMaximum, let space, space.byteCount > 0 {
      let memory = try Memory(space, graph.engine)
      arguments.append((DNNL_ARG_WORKSPACE, memory))
      workspace = memory
    } else {
      workspace = nil
    }
    try graph.emit(descriptor, node.name, "forward", arguments)
  }

  private static func forward(
    _ node: Node, _ window: cnn_window, _ algorithm: dnnl_alg_kind_t, _ input: Memory,
    _ graph: GraphBuilder
  ) throws -> PrimitiveDescriptor {
    var window = window
    var source = input.layout.descriptor
    var target = try Layout.any(graph.extents(of: node.name), input.layout.element).descriptor
    let propagation =
      graph.mode == .training ? dnnl_forward_training : dnnl_forward_inference
    return try PrimitiveDescriptor(node: node.name, "pooling") {
      cnn_pooling_forward(
        &$0, graph.engine.handle, graph.engine.attributes, propagation, algorithm, &source, &target,
        &window)
    }
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    guard needed[0] else { return [nil] }
    let gradientCopy =
      algorithm == dnnl_pooling_max
      ? try graph.gradientOfMaximum(node, output, gradient)
      : try graph.reordered(gradient, to: output.layout, node: node.name)
    let result = try graph.memory(sourceLayout)
    var source = sourceLayout.descriptor
    var target = output.layout.descriptor
    var window = window
    let descriptor = try PrimitiveDescriptor(node: node.name, "pooling backward") {
      cnn_pooling_backward(
        &$0, graph.engine.handle, graph.engine.attributes, algorithm, &source, &target, &window,
        self.descriptor.handle)
    }
    var arguments = [(DNNL_ARG_DIFF_DST, gradientCopy), (DNNL_ARG_DIFF_SRC, result)]
    if let workspace { arguments.append((DNNL_ARG_WORKSPACE, workspace)) }
    try graph.emit(descriptor, node.name, "backward", arguments)
    graph.releaseTemporaries([gradientCopy], unless: [gradient])
    return [result]
  }
}
