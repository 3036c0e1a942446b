import Networks

extension ONNXGraphBuilder {
  /// Adds what computes a network's node.
  ///
  /// - Parameter node: The node, with the values that it reads and the name of the one that it makes.
  /// - Throws: `InterchangeError.notExportable` where ONNX has no way to say it.
  mutating func addOperation(of node: NodeExport) throws {
    switch node.operation {
    case .convolution(let attributes): addConvolution(attributes, node)
    case .linear: addLinear(node)
    case .maxPool(let window): addMaxPool(window, node)
    case .averagePool(let window): addAveragePool(window, node)
    case .adaptiveAveragePool(let grid): try addAdaptiveAveragePool(grid, node)
    case .batchNorm(let attributes): addBatchNorm(attributes, node)
    case .localResponseNorm(let attributes): addLocalResponseNorm(attributes, node)
    case .relu: addReLU(node)
    case .leakyReLU(let attributes): addLeakyReLU(attributes, node)
    case .sigmoid: addSigmoid(node)
    case .tanh: addTanh(node)
    case .dropout: addDropout(node)
    case .flatten: addFlatten(node)
    case .add: addSum(node)
    case .concat: addConcat(node)
    }
  }
}
