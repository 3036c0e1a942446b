import CheckpointWriting
import Checkpoints
import Datasets
import Foundation
import Images
import Inference
import Networks
import TestSupport
import Testing
import Training

@Suite("Train, save, load, infer", .serialized)
struct TrainSaveInferTests {
  @Test(
    "The runtime gives a trained checkpoint's logits as the trainer does",
    arguments: [
      ("lenet", 28), ("alexnet", 67), ("resnet18", 33), ("googlenet", 33), ("densenet", 33),
    ])
  func parity(model: String, imageSize: Int) throws {
    let network = try Variant.named(model).network().adapted(imageSize: imageSize)
    let preprocessing = Preprocessing.usual(for: network)
    let data = try DataSource.fashionMNIST().train.prefix(64)
    var recipe = Recipe()
    recipe.batchSize = 16
    let trainer = try Trainer(
      network: network, weights: network.initialWeights(seed: 1), recipe: recipe, threads: 2)
    let loader = try BatchLoader(dataset: data, preprocessing: preprocessing, batchSize: 16)
    var last: Batch?
    while let batch = try loader.next() {
      _ = try batch.withInputs { images in
        try batch.labels.withUnsafeBufferPointer {
          try trainer.train(images: images, labels: $0, learningRate: 0.01)
        }
      }
      last = batch
    }
    let batch = try #require(last)
    let images = batch.withInputs { Array($0) }
    var expected: [Float] = []
    _ = try images.withUnsafeBufferPointer { images in
      try batch.labels.withUnsafeBufferPointer { labels in
        try trainer.evaluate(images: images, labels: labels) { expected = Array($0) }
      }
    }
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).h5")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Checkpoint(
      network: network, weights: trainer.weights(), preprocessing: preprocessing, labels: []
    ).write(to: path)
    let loaded = try Checkpoint(contentsOf: path)
    #expect(loaded.network == network)
    let plan = try Plan(network: loaded.network, weights: loaded.weights, threads: 2)
    let context = try ExecutionContext(plan: plan, maximumBatch: 16, threads: 2)
    let found = try context.run(images, count: 16)
    let spread = (expected.max() ?? 0) - (expected.min() ?? 0)
    let error = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
    #expect(found.count == expected.count && spread > 0)
    #expect(error <= 1e-4 * spread, "\(model): \(error) of a spread of \(spread)")
  }
}
