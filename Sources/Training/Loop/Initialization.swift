internal import Datasets
public import Networks
public import Tensors

extension Network {
  /// Fresh weights: by the network's `initialization` from a seed; biases and β 0, γ 1, running mean
  /// 0, running variance 1.
  ///
  /// Each tensor draws from a stream of its own, so that the same seed and network give the same
  /// weights whatever else the run does.
  ///
  /// - Parameter seed: Any number.
  /// - Returns: A tensor for every parameter.
  public func initialWeights(seed: UInt64) -> Weights {
    var weights = Weights()
    for (index, parameter) in parameters.enumerated() {
      weights[parameter] = Tensor(
        shape: parameter.shape, initialValues(of: parameter, seed: seed, stream: UInt64(index)))
    }
    return weights
  }

  private func initialValues(of parameter: Parameter, seed: UInt64, stream: UInt64) -> [Float] {
    let isNorm = parameters(ofNode: parameter.node).contains { $0.role == .runningMean }
    switch parameter.role {
    case .bias, .runningMean: return Array(repeating: 0, count: parameter.count)
    case .runningVariance: return Array(repeating: 1, count: parameter.count)
    case .weight where isNorm: return Array(repeating: 1, count: parameter.count)
    case .weight: return randomWeights(parameter, seed: seed, stream: stream)
    }
  }

  /// Fans as PyTorch counts them: channels of one group × the kernel's taps.
  private func randomWeights(_ parameter: Parameter, seed: UInt64, stream: UInt64) -> [Float] {
    let taps = parameter.shape.dropFirst(2).reduce(1, *)
    let fanIn = Double(parameter.shape[1] * taps)
    let fanOut = Double(parameter.shape[0] * taps)
    var random = CounterRandom(seed: seed, purpose: .weights, stream)
    switch initialization {
    case .xavierUniform:
      let bound = (6 / (fanIn + fanOut)).squareRoot()
      return (0..<parameter.count).map { _ in (2 * random.nextUniform() - 1) * Float(bound) }
    case .heNormal:
      let deviation = (2 / fanIn).squareRoot()
      return (0..<parameter.count).map { _ in Float(random.nextNormal() * deviation) }
    }
  }

  private func parameters(ofNode name: String) -> [Parameter] {
    nodes.first { $0.name == name }.map(parameters(of:)) ?? []
  }
}
