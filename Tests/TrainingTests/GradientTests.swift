import Datasets
import Networks
import Tensors
import TestSupport
import Testing
import Training

@Suite("Gradients against finite differences")
struct GradientTests {
  @Test("Every operation has a case")
  func everyOperation() throws {
    let nodes = try OperationCase.all.flatMap { try $0.network().nodes }
    #expect(Set(nodes.map(\.operation.kind)) == Set(NodeOperation.Kind.allCases))
  }

  @Test("Every operation's gradients follow the loss", arguments: OperationCase.all)
  func gradients(of example: OperationCase) throws {
    let probe = try GradientProbe(network: example.network())
    let gradients = try probe.gradients()
    let trained = probe.network.parameters.filter(\.role.isTrainable)
    #expect(Set(gradients.keys) == Set(trained))
    var largest = 0.0
    for parameter in trained {
      let gradient = try #require(gradients[parameter]).floats
      let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      largest = max(largest, norm)
      for direction in probe.directions(along: gradient) {
        let slope = try probe.slope(of: parameter, along: direction)
        let expected = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        // Central differences at ε = 2⁻¹⁰: the loss carries about 4e-7 of rounding, so the slope
        // 2e-4; its curvature, and kinks of ReLU and max within ε, move it by a share of the norm.
        #expect(
          abs(slope - expected) <= 0.02 * norm + 6e-4,
          "\(parameter.key): finite difference \(slope), gradient \(expected), norm \(norm)")
      }
    }
    #expect(largest > 0.05, "a gradient this small would pass whatever it is")
  }
}

/// A trainer over fixed random data whose weights can be moved.
private final class GradientProbe {
  let network: Network
  private let trainer: Trainer
  private let weights: Weights
  private let images: [Float]
  private let labels: [Int32]
  private var random = CounterRandom(seed: 20, stream: 1)

  init(network: Network) throws {
    self.network = network
    var random = CounterRandom(seed: 11, stream: 7)
    images = (0..<4 * network.input.elementCount).map { _ in Float(random.nextNormal()) }
    labels = [0, 3, 4, 3]
    var weights = network.initialWeights(seed: 5)
    for parameter in network.parameters where parameter.role == .bias {
      weights[parameter] = Tensor(
        shape: parameter.shape,
        (0..<parameter.count).map { _ in Float(random.nextNormal()) * 0.3 })
    }
    self.weights = weights
    var recipe = Recipe()
    recipe.batchSize = 4
    recipe.seed = 3
    trainer = try Trainer(network: network, weights: weights, recipe: recipe, threads: 2)
  }

  func gradients() throws -> [Parameter: Tensor] {
    _ = try loss(weights)
    return try trainer.gradients()
  }

  private func loss(_ weights: Weights) throws -> Double {
    try trainer.setWeights(weights)
    return try images.withUnsafeBufferPointer { images in
      try labels.withUnsafeBufferPointer { labels in
        try trainer.differentiate(images: images, labels: labels).loss
      }
    }
  }

  /// The gradient's own direction, and three random ones, of length 1.
  func directions(along gradient: [Float]) -> [[Float]] {
    let drawn = (0..<3).map { _ in gradient.map { _ in Float(random.nextNormal()) } }
    return ([gradient] + drawn).map { direction in
      let norm = direction.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      return direction.map { norm > 0 ? $0 / Float(norm) : 0 }
    }
  }

  func slope(of parameter: Parameter, along direction: [Float]) throws -> Double {
    let step: Float = 1 / 1024
    let origin = try #require(weights[parameter]).floats
    func moved(_ sign: Float) throws -> Double {
      var weights = weights
      weights[parameter] = Tensor(
        shape: parameter.shape, zip(origin, direction).map { $0 + sign * step * $1 })
      return try loss(weights)
    }
    return try (moved(1) - moved(-1)) / (2 * Double(step))
  }
}
