import Networks

extension ONNXGraphBuilder {
  /// The window with explicit padding and no `ceil_mode`, whose last window runtimes place
  /// differently: the end's padding is what makes the network's own output shape.
  func pooling(
    _ window: NodeOperation.Pooling, of node: Node
  ) -> [(name: String, value: ONNXNode.Attribute)] {
    let (before, after) = padding(of: window, node)
    return [
      ("kernel_shape", .integers(window.kernelSize.pair)),
      ("strides", .integers(window.stride.pair)),
      ("pads", .integers(before.pair + after.pair)),
    ]
  }

  /// Average pooling whose divisor is PyTorch's: the window's part inside of the padded input where
  /// padding counts, and inside of the input where it does not; a part that hangs over the padding
  /// (`ceilMode`) never counts.
  mutating func addAveragePool(
    _ window: NodeOperation.Pooling, _ node: Node, _ inputs: [String], as output: String
  ) {
    var attributes = pooling(window, of: node)
    let (before, after) = padding(of: window, node)
    let hangsOver = after.height > before.height || after.width > before.width
    guard window.countIncludesPadding, before != 0, hangsOver else {
      let counts = window.countIncludesPadding && before != 0
      attributes.append(("count_include_pad", .integer(counts ? 1 : 0)))
      return add("AveragePool", output, inputs, attributes, node: node.name)
    }
    // The padding that counts as zeros of its own, the rest as padding that does not.
    let padded = "\(node.name)/padded"
    let pads = constant(
      "\(node.name)/pads", [0, 0] + before.pair + [0, 0] + before.pair)
    add("Pad", padded, inputs + [pads])
    let rest = [after.height - before.height, after.width - before.width]
    attributes[2].value = .integers([0, 0] + rest)
    add("AveragePool", output, [padded], attributes, node: node.name)
  }

  /// Average pooling to a grid: one window where the grid divides the input, else a product with
  /// two matrices of means, `rows [h, H] · x [C, H, W] · columns [W, w]`, since the windows'
  /// extents differ.
  mutating func addAdaptivePool(
    _ grid: Extent, _ node: Node, _ inputs: [String], as output: String
  ) throws {
    let input = checkpoint.network.shape(of: node.inputs[0])
    if grid == 1 { return add("GlobalAveragePool", output, inputs, node: node.name) }
    if input.height % grid.height == 0, input.width % grid.width == 0 {
      let size = [input.height / grid.height, input.width / grid.width]
      return add(
        "AveragePool", output, inputs,
        [("kernel_shape", .integers(size)), ("strides", .integers(size))], node: node.name)
    }
    let limit = 1 << 24
    guard grid.height * input.height <= limit, grid.width * input.width <= limit else {
      throw InterchangeError.notExportable(
        node: node.name, reason: "ONNX has no adaptive pooling to \(grid): use a smaller grid")
    }
    let rows = constant(
      "\(node.name)/rows", means(of: input.height, in: grid.height),
      shape: [grid.height, input.height])
    let columns = constant(
      "\(node.name)/columns",
      transposed(means(of: input.width, in: grid.width), rows: grid.width),
      shape: [input.width, grid.width])
    add("MatMul", "\(node.name)/means", [rows] + inputs)
    add("MatMul", output, ["\(node.name)/means", columns], node: node.name)
  }

  /// The padding before and after, so that ⌊(n + before + after − k) / s⌋ + 1 is the output.
  private func padding(of window: NodeOperation.Pooling, _ node: Node) -> (Extent, Extent) {
    let input = checkpoint.network.shape(of: node.inputs[0])
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

  /// Row `i` is `1 / n` over `⌊i·size/parts⌋ ..< ⌈(i+1)·size/parts⌉`, as PyTorch cuts.
  private func means(of size: Int, in parts: Int) -> [Float] {
    var result = [Float](repeating: 0, count: parts * size)
    for part in 0..<parts {
      let range = part * size / parts..<((part + 1) * size + parts - 1) / parts
      for index in range { result[part * size + index] = 1 / Float(range.count) }
    }
    return result
  }

  private func transposed(_ matrix: [Float], rows: Int) -> [Float] {
    let columns = matrix.count / rows
    return (0..<matrix.count).map { matrix[$0 % rows * columns + $0 / rows] }
  }
}
