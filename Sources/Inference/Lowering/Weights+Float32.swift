public import Tensors

extension Weights {
  /// The same with every int8 weight as the floats that it stands for.
  ///
  /// ```swift
  /// let plan = try Plan(network: checkpoint.network, weights: checkpoint.weights.inFloat32)
  /// ```
  public var inFloat32: Weights {
    var result = self
    for (name, node) in nodes {
      guard let floats = node.float32Weight else { continue }
      result[name, .weight] = floats
      result.nodes[name]?.weightScale = nil
    }
    return result
  }
}

extension Weights.NodeWeights {
  /// The floats that an int8 weight stands for; nil where there is none.
  var float32Weight: Tensor? {
    guard let scale = weightScale, let weight = parameters[.weight], weight.element == .int8 else {
      return nil
    }
    let scales = scale.floats
    let length = weight.count / max(scales.count, 1)
    let values = weight.withInt8 { integers in
      integers.indices.map { Float(integers[$0]) * scales[$0 / length] }
    }
    return Tensor(shape: weight.shape, values)
  }
}
