import Networks
import Tensors

extension Lowering {
  /// A parameter's float tensor, checked against the network; of int8 weights that cannot run as such,
  /// the floats that they stand for.
  private func tensor(_ node: Node, _ role: Parameter.Role) throws -> Tensor? {
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
  private func int8Filters(_ node: Node) throws -> Int8Filters? {
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

  private func required(_ node: Node, _ role: Parameter.Role) throws -> Tensor {
    guard let tensor = try tensor(node, role) else {
      throw InferenceError.missingParameter("\(node.name).\(role.rawValue)")
    }
    return tensor
  }

  func convolution(
    _ node: Node, _ attributes: NodeOperation.Convolution
  ) throws -> FusedOperation.Convolution {
    let bias = try tensor(node, .bias)?.floats.map(Double.init)
    let int8 = try int8Filters(node)
    return .init(
      geometry: ConvolutionGeometry(
        input: network.shape(of: node.inputs[0]), output: network.shape(of: node.name),
        attributes: attributes),
      weights: try int8?.weights ?? required(node, .weight),
      shift: bias ?? Array(repeating: 0, count: attributes.outputChannels), int8: int8)
  }

  func linear(_ node: Node) throws -> FusedOperation.Linear {
    let int8 = try int8Filters(node)
    let weights = try int8?.weights ?? required(node, .weight)
    let bias = try tensor(node, .bias)?.floats
    return .init(
      weights: weights, bias: bias ?? Array(repeating: 0, count: weights.shape[0]), int8: int8)
  }

  /// Batch norm by running statistics as `scale · x + shift` for each channel.
  func normalization(
    _ node: Node, _ attributes: NodeOperation.BatchNorm
  ) throws -> (scale: [Double], shift: [Double]) {
    let gamma = try required(node, .weight).floats
    let beta = try required(node, .bias).floats
    let mean = try required(node, .runningMean).floats
    let variance = try required(node, .runningVariance).floats
    var scale: [Double] = [], shift: [Double] = []
    for channel in gamma.indices {
      let spread = Double(variance[channel]) + attributes.epsilon
      guard spread > 0 else {
        throw InferenceError.invalidVariance(node: node.name, channel: channel)
      }
      scale.append(Double(gamma[channel]) / spread.squareRoot())
      shift.append(Double(beta[channel]) - Double(mean[channel]) * scale[channel])
    }
    return (scale, shift)
  }
}
