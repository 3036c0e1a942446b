import Networks

extension ONNXGraphBuilder {
  /// Average pooling to a grid: one window where the grid divides the input, else a product with
  /// two matrices of means, `rows [h, H] · x [C, H, W] · columns [W, w]`, since the windows'
  /// extents differ.
  mutating func addAdaptiveAveragePool(_ grid: Extent, _ node: NodeExport) throws {
    let input = checkpoint.network.shape(of: node.node.inputs[0])
    if grid == 1 { return add("GlobalAveragePool", node) }
    if input.height % grid.height == 0, input.width % grid.width == 0 {
      let size = [input.height / grid.height, input.width / grid.width]
      return add(
        "AveragePool", node, [("kernel_shape", .integers(size)), ("strides", .integers(size))])
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
    add("MatMul", "\(node.name)/means", [rows] + node.inputs)
    add("MatMul", node, inputs: ["\(node.name)/means", columns])
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
