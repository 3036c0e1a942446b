import Networks

extension ONNXGraphBuilder {
  /// The inputs of a node with a weight and perhaps a bias, dequantised where they are integers.
  mutating func withWeights(_ export: NodeExport) -> [String] {
    let node = export.node
    let stored = checkpoint.weights.nodes[node.name]
    var result = export.inputs
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
}
