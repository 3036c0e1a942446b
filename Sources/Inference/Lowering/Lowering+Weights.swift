import Networks
import Tensors

extension Lowering {
  /// A parameter's float tensor, checked against the network; of int8 weights that cannot run as such,
  /// the floats that they stand for.
  func tensor(_ node: Node, _ role: Parameter.Role) throws -> Tensor? {
    guard let parameter = network.parameters(of: node).first(where: { $0.role == role }) else {
      return nil
    }
    guard let tensor = weights[parameter] else {
      throw InferenceError.missingParameter(parameter.key)
    }
    guard tensor.shape == parameter.shape else {
      throw InferenceError.wrongShape(
        parameter: parameter.key, expected: parameter.shape, found: tensor.shape)
    }
    if tensor.element == .float32 { return tensor }
    guard !grids.isEmpty, let floats = weights.nodes[node.name]?.float32Weight else {
      throw InferenceError.notFloat(parameter: parameter.key)
    }
    return floats
  }

  /// A node's weights in int8, where they and what they read are.
  func int8Filters(_ node: Node) throws -> Int8Filters? {
    guard !grids.isEmpty, let tensors = weights.nodes[node.name],
      let weight = tensors.parameters[.weight], weight.element == .int8,
      let scale = tensors.weightScale, let grid = graph.values[value(node.inputs[0])].grid
    else { return nil }
    for parameter in network.parameters(of: node) {
      guard parameter.role != .weight || parameter.shape == weight.shape else {
        throw InferenceError.wrongShape(
          parameter: parameter.key, expected: parameter.shape, found: weight.shape)
      }
    }
    return Int8Filters(
      weights: weight, scale: scale.floats, bias: try tensor(node, .bias)?.floats, input: grid)
  }

  /// A parameter's tensor, which the operation always has.
  func required(_ node: Node, _ role: Parameter.Role) throws -> Tensor {
    guard let tensor = try tensor(node, role) else {
      throw InferenceError.missingParameter("\(node.name).\(role.rawValue)")
    }
    return tensor
  }
}
