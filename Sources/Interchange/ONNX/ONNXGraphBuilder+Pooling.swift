import Networks

extension ONNXGraphBuilder {
  /// The window with explicit padding and no `ceil_mode`, whose last window runtimes place
  /// differently: the end's padding is what makes the network's own output shape.
  func pooling(_ window: NodeOperation.Pooling, of node: NodeExport) -> Attributes {
    let (before, after) = padding(of: window, node)
    return [
      ("kernel_shape", .integers(window.kernelSize.pair)),
      ("strides", .integers(window.stride.pair)),
      ("pads", .integers(before.pair + after.pair)),
    ]
  }

  /// The padding before and after, so that ⌊(n + before + after − k) / s⌋ + 1 is the output.
  func padding(of window: NodeOperation.Pooling, _ node: NodeExport) -> (Extent, Extent) {
    let input = checkpoint.network.shape(of: node.node.inputs[0])
    let output = checkpoint.network.shape(of: node.name)
    func after(_ input: Int, _ output: Int, _ kernel: Int, _ stride: Int, _ before: Int) -> Int {
      max(before, (output - 1) * stride + kernel - input - before)
    }
    guard window.ceilMode else { return (window.padding, window.padding) }
    let (kernel, stride, before) = (window.kernelSize, window.stride, window.padding)
    let end = Extent(
      height: after(input.height, output.height, kernel.height, stride.height, before.height),
      width: after(input.width, output.width, kernel.width, stride.width, before.width))
    return (before, end)
  }
}
