public import Checkpoints

extension Weights {
  /// The same with every int8 weight as the floats that it stands for.
  public var inFloat32: Weights {
    var result = self
    for (name, node) in nodes {
      guard let scale = node.weightScale, let weight = node.parameters[.weight],
        weight.element == .int8
      else { continue }
      let scales = scale.floats
      let length = weight.count / max(scales.count, 1)
      let values = weight.withInt8 { integers in
        integers.indices.map { Float(integers[$0]) * scales[$0 / length] }
      }
      result[name, .weight] = Tensor(shape: weight.shape, values)
      result.nodes[name]?.weightScale = nil
    }
    return result
  }
}
