import Inference
import Networks
import ReferenceOperations
import TestSupport
import Testing
import Training

@Suite("The trainer's operations against the plain reference", .serialized)
struct OperationParityTests {
  @Test("Every operation's result is the formula's, on odd shapes", arguments: OperationCase.all)
  func forward(of example: OperationCase) throws {
    let network = try example.network()
    let weights = HashedValues.weights(of: network)
    let batch = 3
    let count = network.input.elementCount
    let images = HashedValues.image(example.name, count: batch * count)
    var recipe = Recipe()
    recipe.batchSize = batch
    let trainer = try Trainer(network: network, weights: weights, recipe: recipe, threads: 2)
    var found: [Float] = []
    _ = try images.withUnsafeBufferPointer { images in
      try [Int32](repeating: 0, count: batch).withUnsafeBufferPointer { labels in
        try trainer.evaluate(images: images, labels: labels) { found = Array($0) }
      }
    }
    for image in 0..<batch {
      let input = Array(images[image * count..<(image + 1) * count])
      let expected = Reference.logits(network, weights, input: input)
      let logits = found[image * 5..<(image + 1) * 5]
      let scale = expected.map(abs).max() ?? 0
      let error = zip(logits, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
      // Sums of at most 1600 terms in single precision, three layers deep; Winograd adds a digit.
      #expect(error <= 1600 * 3 * 6e-8 * scale, "\(example.name): \(error) of \(scale)")
    }
  }
}
