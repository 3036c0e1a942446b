import Checkpoints
import Datasets
import Networks
import Tensors
import Testing
import Training

@Suite("Freezing", .serialized)
struct FreezingTests: RunBench {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    "Frozen parameters keep their bits, running statistics included, and the others learn",
    arguments: [
      ["conv1", "norm1"], ["norm1"], ["fc1", "fc2.bias"], ["conv1.weight", "fc2.weight"],
    ])
  func bits(prefixes: [String]) throws {
    let settings = settings {
      $0.recipe.frozen = prefixes
      $0.recipe.weightDecay = 0.1
      $0.recipe.averageDecay = 0.9
    }
    _ = try run(settings, into: "a.h5")
    let start = try fresh(seed: 7)
    let end = try Checkpoint(contentsOf: folder.path("a.h5"), options: .trainingState)
    for parameter in start.network.parameters {
      let isFrozen = prefixes.contains { parameter.key.hasPrefix($0) }
      let (old, new) = (start.weights[parameter]?.floats, end.weights[parameter]?.floats)
      #expect((old?.map(\.bitPattern) == new?.map(\.bitPattern)) == isFrozen, "\(parameter.key)")
    }
    var half = settings
    half.maxSteps = 8
    _ = try run(half, into: "b.h5")
    _ = try run(settings, into: "b.h5", resuming: "b.h5")
    #expect(try content("a.h5") == content("b.h5"))
  }

  @Test("A prefix of nothing, and one of everything, are refused")
  func refused() throws {
    let nothing = #expect(throws: TrainingError.self) {
      try run(settings { $0.recipe.frozen = ["conv1", "layer9"] }, into: "a.h5")
    }
    #expect(nothing?.description.contains("'layer9'") == true)
    let all = #expect(throws: TrainingError.self) {
      try run(settings { $0.recipe.frozen = ["conv", "norm", "fc"] }, into: "a.h5")
    }
    #expect(all?.description.contains("--freeze") == true)
  }

  /// Batch norm between what is trained: no dropout, so that both modes compute the same.
  private func network() throws -> Network {
    let builder = NetworkBuilder("frozen", channels: 1, height: 8, width: 8)
    let scores = builder.input.convolution("conv1", 4, kernel: 3, bias: false)
      .batchNorm("norm1").sigmoid().flatten().linear("fc1", 4)
    return try builder.network(output: scores)
  }

  @Test("Frozen batch norm is its running statistics' function, forward and backward")
  func batchNorm() throws {
    let network = try network()
    var weights = network.initialWeights(seed: 3)
    weights["norm1", .runningMean] = Tensor(shape: [4], [0.1, -0.2, 0.05, 0.3] as [Float])
    weights["norm1", .runningVariance] = Tensor(shape: [4], [0.5, 0.2, 1.5, 0.9] as [Float])
    var recipe = Recipe()
    recipe.batchSize = 8
    recipe.frozen = ["norm1"]
    let trainer = try Trainer(network: network, weights: weights, recipe: recipe, threads: 2)
    let loader = try BatchLoader(
      dataset: ToyData(count: 8, seed: 1),
      preprocessing: Preprocessing(channels: 1, height: 8, width: 8), batchSize: 8)
    let batch = try #require(try loader.next())
    func loss(_ training: Bool) throws -> Double {
      try batch.withInputs { images in
        try batch.labels.withUnsafeBufferPointer { labels in
          training
            ? try trainer.differentiate(images: images, labels: labels).loss
            : try trainer.evaluate(images: images, labels: labels).loss
        }
      }
    }
    // The same primitive's two propagation kinds: equal up to rounding.
    #expect(abs(try loss(true) - loss(false)) < 1e-5)
    let key = try #require(network.parameters.first { $0.key == "conv1.weight" })
    let gradient = try #require(trainer.gradients()[key]).floats
    // Along the gradient the loss changes by its squared norm; central differences of step h are
    // right to h² and to the loss's rounding over h.
    let (start, norm) = (try #require(weights[key]).floats, gradient.reduce(0) { $0 + $1 * $1 })
    let step = Float(0.01) / norm.squareRoot()
    func moved(_ direction: Float) throws -> Double {
      var weights = weights
      weights[key] = Tensor(
        shape: key.shape, zip(start, gradient).map { $0 + direction * step * $1 })
      try trainer.setWeights(weights)
      return try loss(true)
    }
    let slope = try (moved(1) - moved(-1)) / Double(2 * step)
    #expect(abs(slope / Double(norm) - 1) < 0.01, "\(slope) for \(norm)")
  }
}
