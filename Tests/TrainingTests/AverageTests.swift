import Checkpoints
import Datasets
import Networks
import Testing
import Training

@Suite("The weights' moving average", .serialized)
struct AverageTests: RunBench {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Every parameter, one after the other.
  private func floats(_ trainer: Trainer) throws -> [Float] {
    let weights = try trainer.weights()
    return trainer.network.parameters.flatMap { weights[$0]?.floats ?? [] }
  }

  @Test("It is the plain formula's, running statistics included, and leaves the weights alone")
  func plain() throws {
    var recipe = Recipe()
    recipe.batchSize = 16
    recipe.averageDecay = 0.3
    let network = try ToyData.network()
    let trainer = try Trainer(
      network: network, weights: network.initialWeights(seed: 1), recipe: recipe, threads: 2)
    let loader = try BatchLoader(
      dataset: ToyData(count: 160, seed: 1),
      preprocessing: Preprocessing(channels: 1, height: 8, width: 8), batchSize: 16)
    var expected = try floats(trainer)
    var step = 0
    while let batch = try loader.next() {
      _ = try batch.withInputs { images in
        try batch.labels.withUnsafeBufferPointer { labels in
          try trainer.train(images: images, labels: labels, learningRate: 0.1)
        }
      }
      step += 1
      let values = try floats(trainer)
      let decay = min(0.3, Double(1 + step) / Double(10 + step))
      for index in expected.indices {
        expected[index] += Float(1 - decay) * (values[index] - expected[index])
      }
      let average = try trainer.withAverage { try floats(trainer) }
      #expect(average != values)
      // Ten steps of three roundings each, of values below 2: 30 halves of 2⁻²³.
      #expect(zip(average, expected).allSatisfy { abs($0 - $1) <= 30 * 0x1p-24 * 2 })
      #expect(try floats(trainer) == values)
    }
    #expect(step == 10)
  }

  @Test("A checkpoint's weights are the average, and a run goes on from what is under it")
  func resumes() throws {
    let settings = settings {
      $0.recipe.averageDecay = 0.9
      $0.recipe.optimizer = .nesterov
      $0.recipe.augmentation = .flipCrop
      $0.validationSplit = 0.2
    }
    _ = try run(settings, into: "whole.h5")
    var half = settings
    half.maxSteps = 7
    _ = try run(half, into: "part.h5")
    _ = try run(settings, into: "part.h5", resuming: "part.h5")
    #expect(try content("part.h5") == content("whole.h5"))
    let whole = try Checkpoint(contentsOf: folder.path("whole.h5"), options: .trainingState)
    let average = try #require(whole.weights["fc1", .weight]).floats
    let raw = try #require(whole.training?.optimizer["fc1"]?["weight.raw"]).floats
    #expect(average != raw)
    // Without it the same steps lead to the same weights.
    var plain = settings
    plain.recipe.averageDecay = nil
    _ = try run(plain, into: "plain.h5")
    let plainWeights = try Checkpoint(contentsOf: folder.path("plain.h5")).weights
    #expect(plainWeights["fc1", .weight]?.floats == raw)
    #expect(
      try Checkpoint(contentsOf: folder.path("whole.best.h5"), options: .trainingState)
        .training?.optimizer.isEmpty == true)
  }

  @Test("A run that drops the average goes on from the weights under it")
  func dropped() throws {
    let averaged = settings {
      $0.recipe.averageDecay = 0.9
      $0.maxSteps = 7
    }
    _ = try run(averaged, into: "a.h5")
    _ = try run(settings(), into: "a.h5", resuming: "a.h5")
    _ = try run(settings(), into: "b.h5")
    let (a, b) = (try content("a.h5"), try content("b.h5"))
    #expect(a["conv1.weight"] == b["conv1.weight"] && a["norm1.running_mean"] != nil)
    #expect(a.keys.allSatisfy { !$0.hasSuffix(".raw") })
  }
}
