import Checkpoints
import Networks

extension Lowering {
  /// A parameter's tensor, checked against the network.
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
    guard tensor.element == .float32 else {
      throw InferenceError.notFloat(parameter: parameter.key)
    }
    return tensor
  }

  private func required(_ node: Node, _ role: Parameter.Role) throws -> Tensor {
    guard let tensor = try tensor(node, role) else {
      throw InferenceError.missingParameter("\(node.name).\(role.rawValue)")
    }
    return tensor
  }

  func convolution(
    _ node: Node, _ attributes: Operation.Convolution
  ) throws -> FusedOperation.Convolution {
    let bias = try tensor(node, .bias)?.floats.map(Double.init)
    return .init(
      geometry: ConvolutionGeometry(
        input: network.shape(of: node.inputs[0]), output: network.shape(of: node.name),
        attributes: attributes),
      weights: try required(node, .weight),
      shift: bias ?? Array(repeating: 0, count: attributes.outputChannels))
  }

  func linear(_ node: Node) throws -> FusedOperation.Linear {
    let weights = try required(node, .weight)
    let bias = try tensor(node, .bias)?.floats
    return .init(weights: weights, bias: bias ?? Array(repeating: 0, count: weights.shape[0]))
  }

  /// Batch norm by running statistics as `scale · x + shift` for each channel.
  func normalization(
    _ node: Node, _ attributes: Operation.BatchNorm
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
