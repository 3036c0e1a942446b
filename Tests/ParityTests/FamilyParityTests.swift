import Foundation
import Inference
import Networks
import TestSupport
import Testing
import Training

/// Both engines against PyTorch and torchvision on the same hashed weights, batch-norm statistics
/// and scales included; see `Golden/make_golden.py`.
@Suite("Every family against PyTorch", .serialized)
struct FamilyParityTests {
  private struct Expected: Decodable {
    var networks: [String: [Double]]
  }

  @Test("Log-probabilities of the runtime are PyTorch's", arguments: Variant.all.map(\.name))
  func runtime(_ name: String) throws {
    let network = try Variant.named(name).network()
    let plan = try Plan(network: network, weights: HashedValues.weights(of: network), threads: 2)
    let context = try ExecutionContext(plan: plan, threads: 2)
    let image = HashedValues.image("input \(name)", count: network.input.elementCount)
    try compare(logits: context.run(image), name)
  }

  @Test(
    "Log-probabilities of the trainer's inference mode are PyTorch's",
    arguments: [
      "lenet", "alexnet", "nin", "googlenet", "googlenet-imagenet", "resnet18", "densenet",
    ])
  func trainer(_ name: String) throws {
    let network = try Variant.named(name).network()
    var recipe = Recipe()
    recipe.batchSize = 1
    let trainer = try Trainer(
      network: network, weights: HashedValues.weights(of: network), recipe: recipe, threads: 2)
    let image = HashedValues.image("input \(name)", count: network.input.elementCount)
    var logits: [Float] = []
    _ = try image.withUnsafeBufferPointer { image in
      try [Int32(0)].withUnsafeBufferPointer { labels in
        try trainer.evaluate(images: image, labels: labels) { logits = Array($0) }
      }
    }
    try compare(logits: logits, name)
  }

  private func compare(logits: [Float], _ name: String) throws {
    let all = try Golden.decoded(Expected.self, "log-probabilities.json").networks
    let expected = try #require(all[name], "make_golden.py knows no \(name)")
    let found = Reference.logProbabilities(logits)
    #expect(found.count == expected.count)
    let spread = (expected.max() ?? 0) - (expected.min() ?? 0)
    let error = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
    #expect(spread > 0.5)
    #expect(error <= 1e-4 * spread, "\(name): \(error) of a spread of \(spread)")
  }
}

private enum Reference {
  /// `xᵢ − log Σ eˣ`, in double precision.
  static func logProbabilities(_ logits: [Float]) -> [Double] {
    let peak = Double(logits.max() ?? 0)
    let sum = logits.reduce(0.0) { $0 + exp(Double($1) - peak) }
    return logits.map { Double($0) - peak - log(sum) }
  }
}
