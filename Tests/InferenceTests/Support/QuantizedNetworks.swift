import Checkpoints
import Inference
import Networks
import ReferenceOperations
import Tensors
import Testing

/// A network in int8 by the plainest calibration: symmetric weights per output channel, and for each
/// value the range that the reference gives for some random images.
struct QuantizedNetwork {
  let network: Network
  /// The floats that were quantised.
  let original: Weights
  let weights: Weights
  let quantization: Quantization

  init(_ network: Network, seed: UInt64, range: ClosedRange<Float> = -1...1) {
    self.network = network
    original = Weights.random(of: network, seed: seed)
    weights = original.inInt8(of: network)
    var random = SeededGenerator(seed: seed &+ 7)
    var ranges: [String: (Double, Double)] = [:]
    for _ in 0..<2 {
      let input = random.floats(network.input.elementCount, range)
      for (name, value) in Reference.values(network, original, input: input) {
        let (low, high) = ranges[name] ?? (0, 0)
        ranges[name] = (
          min(low, value.elements.min() ?? 0), max(high, value.elements.max() ?? 0)
        )
      }
    }
    ranges[network.output] = nil
    // ReLU keeps its input's grid only where it has none of its own; here it has, as in most files.
    for node in network.nodes where node.operation != .relu {
      if node.operation.traits.contains(.keepsGrid) { ranges[node.name] = nil }
    }
    quantization = Quantization(
      method: "minmax", samples: 2,
      activations: ranges.mapValues { low, high in
        let scale = Float(max(high - low, 1e-6) / 255)
        let zero = min(max((-low / Double(scale)).rounded(), 0), 255)
        return .init(scale: scale, zeroPoint: UInt8(zero))
      })
  }

  /// Expects the plan's logits to be the reference's, bit for bit.
  func expectSameBits(
    isa: ISA, threads: Int = 2, batch: Int = 1, seed: UInt64 = 1,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var random = SeededGenerator(seed: seed &+ 99)
    let size = network.input.elementCount
    let input = random.floats(size * batch)
    let plan = try Plan(
      network: network, weights: weights, quantization: quantization, isa: isa)
    let context = try ExecutionContext(plan: plan, maximumBatch: batch, threads: threads)
    let found = try context.run(input, count: batch)
    let expected = (0..<batch).flatMap { image in
      QuantizedReference.logits(
        network, weights, quantization, input: Array(input[image * size..<(image + 1) * size]))
    }
    #expect(Set(expected).count > 1 || expected.count == batch, sourceLocation: sourceLocation)
    #expect(
      found == expected, "\(network.name) on \(isa), seed \(seed)", sourceLocation: sourceLocation)
  }
}

extension Weights {
  /// The same with convolutions and linear layers in int8.
  fileprivate func inInt8(of network: Network) -> Weights {
    var result = self
    for node in network.nodes where node.operation.traits.contains(.hasInt8Weights) {
      guard let weight = self[node.name, .weight] else { continue }
      let floats = weight.floats, length = floats.count / weight.shape[0]
      let scales = (0..<weight.shape[0]).map { row in
        max(floats[row * length..<(row + 1) * length].map(abs).max() ?? 0, 1e-6) / 127
      }
      result[node.name, .weight] = Tensor(
        shape: weight.shape,
        floats.indices.map { Int8((floats[$0] / scales[$0 / length]).rounded()) })
      result.nodes[node.name]?.weightScale = Tensor(shape: [weight.shape[0]], scales)
    }
    return result
  }
}
