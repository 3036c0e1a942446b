import Datasets
import Foundation
import Networks
import TestSupport
import Testing
import Training

/// Steps of the trainer against PyTorch's from the same weights on the same images; see
/// `Tests/ParityTests/Golden/make_golden.py`.
@Suite("Steps against PyTorch", .serialized)
struct PyTorchTests {
  @Test("LeNet's weights after five full-batch steps are PyTorch's")
  func lenet() throws {
    struct Expected: Decodable { var losses: [Double], keys: [String] }
    let expected = try Golden.decoded(Expected.self, "lenet-sgd.json")
    let network = try Variant.named("lenet").network()
    var recipe = Recipe()
    recipe.learningRate = 0.01
    let trainer = try Trainer(
      network: network, weights: HashedValues.weights(of: network), recipe: recipe, threads: 2)
    let loader = try BatchLoader(
      dataset: DataSource.fashionMNIST().train.prefix(128),
      preprocessing: Preprocessing(channels: 1, height: 28, width: 28), batchSize: 128)
    let batch = try #require(try loader.next())
    for loss in expected.losses {
      let result = try trainer.step(batch)
      // Both sum 128 losses of about 2.5 in single precision.
      #expect(abs(result.loss - loss) < 2e-6)
    }
    let golden = try Golden.data("lenet-sgd.f32").withUnsafeBytes { bytes in
      Array(bytes.bindMemory(to: Float.self))
    }
    let weights = try trainer.weights()
    let start = HashedValues.weights(of: network)
    var offset = 0
    for key in expected.keys {
      let parameter = try #require(network.parameters.first { $0.key == key })
      let found = try #require(weights[parameter]).floats
      let before = try #require(start[parameter]).floats
      let wanted = Array(golden[offset..<offset + parameter.count])
      offset += parameter.count
      let moved = zip(wanted, before).map { abs($0 - $1) }.max() ?? 0
      let error = zip(found, wanted).map { abs($0 - $1) }.max() ?? .infinity
      #expect(moved > 0)
      // An update is known to a thousandth; values near 1 are rounded to 6e-8 in each step.
      #expect(error <= 1e-3 * moved + 6e-7, "\(key): \(error) of \(moved)")
    }
    #expect(offset == golden.count)
  }

  @Test("ResNet-18's weights and statistics after five steps with momentum and decay are PyTorch's")
  func resnet() throws {
    struct Expected: Decodable { var losses: [Double], tensors: [String: [Double]] }
    let expected = try Golden.decoded(Expected.self, "resnet18-sgd.json")
    let network = try Variant.named("resnet18").network()
    var recipe = Recipe()
    recipe.batchSize = 16
    recipe.momentum = 0.9
    recipe.weightDecay = 5e-4
    let trainer = try Trainer(
      network: network, weights: HashedValues.weights(of: network), recipe: recipe, threads: 2)
    let images = HashedValues.image("input resnet18 training", count: 16 * 96 * 96)
    let labels = (0..<16).map { Int32($0 % 10) }
    for loss in expected.losses {
      let result = try images.withUnsafeBufferPointer { images in
        try labels.withUnsafeBufferPointer { labels in
          try trainer.train(images: images, labels: labels, learningRate: 0.001)
        }
      }
      #expect(abs(result.loss - loss) < 1e-4 * loss)
    }
    let weights = try trainer.weights()
    let start = HashedValues.weights(of: network)
    #expect(expected.tensors.count == network.parameters.count)
    for parameter in network.parameters {
      let golden = try #require(expected.tensors[parameter.key])
      let found = try #require(weights[parameter]).floats
      let norm = found.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(abs(norm - golden[0]) <= 1e-3 * golden[0], "\(parameter.key)")
      let before = try #require(start[parameter]).floats
      let samples = golden.dropFirst().enumerated().map { (place: $0 * found.count / 8, value: $1) }
      let moved = samples.map { abs($0.value - Double(before[$0.place])) }.max() ?? 0
      let error = samples.map { abs($0.value - Double(found[$0.place])) }.max() ?? .infinity
      #expect(moved > 0)
      // PyTorch's own float32 is up to 6e-5 away from its float64, which made the values.
      #expect(error <= min(1e-3, 0.03 * moved + 2e-6), "\(parameter.key): \(error) of \(moved)")
    }
  }
}

extension Trainer {
  /// A step at the recipe's own learning rate.
  func step(_ batch: Batch) throws -> BatchResult {
    try batch.withInputs { images in
      try batch.labels.withUnsafeBufferPointer { labels in
        try train(images: images, labels: labels, learningRate: recipe.learningRate)
      }
    }
  }
}
