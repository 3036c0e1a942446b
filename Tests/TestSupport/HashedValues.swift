public import Networks
public import Tensors

/// Numbers that are a function of a name and a position, the same in Swift and in
/// `Tests/ParityTests/Golden/make_golden.py`, so that golden files hold results only.
public enum HashedValues {
  /// `count` numbers of [−1, 1): FNV-1a of the name, then a 32-bit mixer of each position.
  public static func doubles(_ name: String, count: Int) -> [Double] {
    var seed: UInt32 = 0x811C_9DC5
    for byte in name.utf8 { seed = (seed ^ UInt32(byte)) &* 0x0100_0193 }
    return (0..<count).map { index in
      var x = seed &+ UInt32(truncatingIfNeeded: index) &* 0x9E37_79B9
      x ^= x >> 16
      x = x &* 0x21F0_AAAD
      x ^= x >> 15
      x = x &* 0x735A_2D97
      x ^= x >> 15
      return Double(Int32(bitPattern: x)) / 2_147_483_648
    }
  }

  /// An input of [0, 1).
  public static func image(_ name: String, count: Int) -> [Float] {
    doubles(name, count: count).map { Float(($0 + 1) / 2) }
  }

  /// Weights in ±√(6 / fan in), everything else random too: what the script's `fill` does.
  public static func weights(of network: Network) -> Weights {
    var weights = Weights()
    for node in network.nodes {
      var isNorm = false
      if case .batchNorm = node.operation { isNorm = true }
      for parameter in network.parameters(of: node) {
        weights[parameter] = Tensor(shape: parameter.shape, values(of: parameter, isNorm: isNorm))
      }
    }
    return weights
  }

  private static func values(of parameter: Parameter, isNorm: Bool) -> [Float] {
    let values = doubles(parameter.key, count: parameter.count)
    switch parameter.role {
    case .weight where !isNorm:
      let fanIn = parameter.shape.dropFirst().reduce(1, *)
      let bound = (6 / Double(fanIn)).squareRoot()
      return values.map { Float($0 * bound) }
    case .weight:
      let scale = parameter.node.hasPrefix("layer") ? 0.5 : 1
      return values.map { Float((1 + 0.5 * $0) * scale) }
    case .runningVariance: return values.map { Float(1 + 0.5 * $0) }
    case .bias, .runningMean: return values.map { Float(0.1 * $0) }
    }
  }
}
