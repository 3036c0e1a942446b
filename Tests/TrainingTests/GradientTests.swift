import Checkpoints
import Datasets
import Networks
import Testing
import Training

/// A small network that ends in 5 logits, with one operation under test behind a convolution whose
/// own gradient then passes through it.
struct GradientCase: CustomTestStringConvertible, Sendable {
  let name: String
  let channels: Int
  let height: Int
  let width: Int
  let body: @Sendable (NetworkBuilder.Value) -> NetworkBuilder.Value

  var testDescription: String { name }

  init(
    _ name: String, channels: Int = 3, height: Int = 7, width: Int = 9,
    _ body: @escaping @Sendable (NetworkBuilder.Value) -> NetworkBuilder.Value
  ) {
    self.name = name
    self.channels = channels
    self.height = height
    self.width = width
    self.body = body
  }

  func network() throws -> Network {
    let builder = NetworkBuilder(name, channels: 2, height: height, width: width)
    let first = builder.input.convolution("first", channels, kernel: 3, padding: 1)
    return try builder.network(output: body(first).flatten().linear("last", 5))
  }

  static let all: [GradientCase] = [
    .init("convolution, odd shape") { $0.convolution("x", 5, kernel: 3, stride: 2, padding: 1) },
    .init("convolution, rectangular") {
      $0.convolution(
        "x", 4, kernel: Extent(height: 3, width: 2), stride: Extent(height: 1, width: 2),
        padding: Extent(height: 1, width: 0))
    },
    .init("convolution, dilated") { $0.convolution("x", 4, kernel: 3, padding: 2, dilation: 2) },
    .init("convolution, grouped", channels: 6) {
      $0.convolution("x", 4, kernel: 3, padding: 1, groups: 2)
    },
    .init("convolution, depthwise", channels: 16) {
      $0.convolution("x", 16, kernel: 3, padding: 1, groups: 16, bias: false)
    },
    .init("convolution 3×3 in whole blocks", channels: 16, height: 12, width: 12) {
      $0.convolution("x", 32, kernel: 3, padding: 1).maxPool(3, stride: 3)
    },
    .init("convolution 5×5 in whole blocks", channels: 16) {
      $0.convolution("x", 16, kernel: 5, padding: 2).averagePool(3, stride: 2)
    },
    .init("linear after blocked feature maps", channels: 17, height: 4, width: 3) {
      $0.flatten().linear("x", 11).tanh().linear("y", 7, bias: false)
    },
    .init("ReLU, fused") { $0.convolution("x", 5, kernel: 1).relu() },
    .init("ReLU, of a value that two nodes read") {
      let x = $0.convolution("x", 3, kernel: 1)
      return x.relu().adding(x)
    },
    .init("ReLU of a pool's result") { $0.maxPool(2, stride: 1).relu() },
    .init("sigmoid") { $0.sigmoid() },
    .init("tanh") { $0.tanh() },
    .init("max pooling, padded") { $0.maxPool(3, stride: 2, padding: 1) },
    .init("max pooling, ceil mode") { $0.maxPool(3, stride: 2, ceilMode: true) },
    .init("average pooling, padding counted") { $0.averagePool(3, stride: 2, padding: 1) },
    .init("adaptive average pooling that divides", height: 6, width: 8) {
      $0.adaptiveAveragePool(Extent(height: 3, width: 4))
    },
    .init("adaptive average pooling that does not divide") { $0.adaptiveAveragePool(4) },
    .init("global average pooling", channels: 18) { $0.adaptiveAveragePool() },
    .init("batch normalisation", channels: 5) { $0.batchNorm("x") },
    .init("batch normalisation and ReLU", channels: 16) { $0.batchNorm("x").relu() },
    .init("local response normalisation", channels: 7) {
      $0.localResponseNorm(5, alpha: 0.5, beta: 0.75, k: 1)
    },
    .init("dropout") { $0.dropout(0.4) },
    .init("residual add", channels: 16) {
      let x = $0.relu()
      return x.convolution("x", 16, kernel: 3, padding: 1).batchNorm("n").adding(x).relu()
    },
    .init("concat of odd channels") {
      let x = $0.relu()
      return x.convolution("a", 5, kernel: 1).relu().concatenated(with: [
        x.convolution("b", 3, kernel: 3, padding: 1), x,
      ])
    },
    .init("concat of whole blocks", channels: 16) {
      let x = $0.relu()
      return x.convolution("a", 32, kernel: 1).relu().concatenated(with: [x, x.tanh()])
    },
  ]
}

@Suite("Gradients against finite differences")
struct GradientTests {
  @Test("Every operation's gradients follow the loss", arguments: GradientCase.all)
  func gradients(of example: GradientCase) throws {
    let probe = try GradientProbe(network: example.network())
    let gradients = try probe.gradients()
    let trained = probe.network.parameters.filter(\.role.isTrainable)
    #expect(Set(gradients.keys) == Set(trained))
    for parameter in trained {
      let gradient = try #require(gradients[parameter]).floats
      let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
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
