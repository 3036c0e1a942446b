import Inference
import Networks
import ReferenceOperations
import Tensors
import Testing

extension Weights {
  /// Weights that keep the size of activations, and batch norms far from the identity.
  static func random(of network: Network, seed: UInt64) -> Weights {
    var random = SeededGenerator(seed: seed)
    var weights = Weights()
    for parameter in network.parameters {
      let fanIn = parameter.shape.dropFirst().reduce(1, *)
      let range: ClosedRange<Float> =
        switch parameter.role {
        case .weight where parameter.shape.count > 1:
          -(6 / Float(fanIn)).squareRoot()...(6 / Float(fanIn)).squareRoot()
        case .weight: 0.5...1.5
        case .bias, .runningMean: -0.5...0.5
        case .runningVariance: 0.3...3
        }
      weights[parameter] = Tensor(shape: parameter.shape, random.floats(parameter.count, range))
    }
    return weights
  }

  /// Every element's absolute value.
  var magnitudes: Weights {
    var result = self
    for (node, tensors) in nodes {
      for (role, tensor) in tensors.parameters {
        result[node, role] = Tensor(shape: tensor.shape, tensor.floats.map(abs))
      }
    }
    return result
  }
}

/// Expects a network's logits within `tolerance` of the largest one's size, on `isa`.
func expectAgreement(
  _ network: Network, isa: ISA, convolutions: ConvolutionAlgorithm? = nil, threads: Int = 2,
  seed: UInt64 = 1, tolerance: Double = 1e-5,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let weights = Weights.random(of: network, seed: seed)
  var random = SeededGenerator(seed: seed &+ 99)
  let input = random.floats(network.input.elementCount)
  let expected = Reference.logits(network, weights, input: input)
  let plan = try Plan(network: network, weights: weights, isa: isa, convolutions: convolutions)
  let found = try ExecutionContext(plan: plan, threads: threads).run(input)
  let size = expected.map(abs).max() ?? 0
  let error = zip(expected, found).map { abs($0 - Double($1)) }.max() ?? .infinity
  #expect(size > 0, sourceLocation: sourceLocation)
  #expect(
    error <= tolerance * size, "\(network.name) on \(isa), seed \(seed)",
    sourceLocation: sourceLocation)
}

/// A network of one operation whose value is the result, row-major.
func single(_ shape: TensorShape, _ operation: NodeOperation) throws -> Network {
  let input =
    shape.isFeatureMap ? shape : TensorShape(channels: shape.channels, height: 1, width: 1)
  var nodes: [Node] = []
  var name = Network.inputName
  if !shape.isFeatureMap {
    nodes.append(Node("flat", .flatten, inputs: [name]))
    name = "flat"
  }
  nodes.append(Node("op", operation, inputs: [name]))
  nodes.append(Node("out", .flatten, inputs: ["op"]))
  if !shape.isFeatureMap { nodes.removeLast() }
  return try Network(
    name: "single", input: input, nodes: nodes, output: shape.isFeatureMap ? "out" : "op")
}
