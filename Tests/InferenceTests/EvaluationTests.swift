import Inference
import Networks
import Testing

@Suite("Softmax, ranking and evaluation")
struct EvaluationTests {
  @Test("Softmax neither overflows nor underflows")
  func softmax() {
    #expect(Softmax.probabilities([1000, 1000]) == [0.5, 0.5])
    #expect(Softmax.probabilities([-1e30, 0]) == [0, 1])
    let probabilities = Softmax.probabilities([1, 2, 3])
    #expect(abs(probabilities[2] - 0.665_240_96) < 1e-6)
    #expect(abs(Softmax.crossEntropy([1, 2, 3], label: 2) - 0.407_605_964) < 1e-8)
    #expect(Softmax.crossEntropy([0, 1e4], label: 0) == 1e4)
  }

  @Test("Ties rank by index, NaN last, and no more than there are")
  func ranking() {
    #expect(Softmax.top([1, 3, 3, .nan, 2], count: 9) == [1, 2, 4, 0, 3])
    #expect(Softmax.top([5, 5], count: 1) == [0])
    #expect(Softmax.top([5, 5], count: -1).isEmpty)
  }

  @Test("Accuracy, loss and confusion do not depend on the batch size", arguments: [1, 3, 32])
  func evaluation(batch: Int) throws {
    let network = try Variant.named("lenet").network()
    let plan = try Plan(network: network, weights: .random(of: network, seed: 5))
    var random = SeededGenerator(seed: 6)
    let images = (0..<10).map { _ in random.floats(784) }
    let context = try ExecutionContext(plan: plan)
    let rows = try images.map { try context.run($0) }
    let labels = rows.enumerated().map { $0.offset < 7 ? Softmax.top($0.element, count: 1)[0] : 0 }
    let expected = zip(rows, labels).map { Softmax.top($0, count: 1)[0] == $1 ? 1.0 : 0 }
    let found = try Evaluation.run(plan: plan, count: 10, batchSize: batch, threads: 2) {
      range, pixels in
      for (place, index) in range.enumerated() {
        for (offset, value) in images[index].enumerated() { pixels[place * 784 + offset] = value }
      }
      return range.map { labels[$0] }
    }
    #expect(found.images == 10)
    #expect(found.accuracy == expected.reduce(0, +) / 10)
    let loss = zip(rows, labels).reduce(0) { $0 + Softmax.crossEntropy($1.0, label: $1.1) } / 10
    #expect(abs(found.loss - loss) < 1e-12)
    #expect(found.confusion.flatMap { $0 }.reduce(0, +) == 10)
    #expect(found.predictions == rows.map { Softmax.top($0, count: 1)[0] })
  }

  @Test("A label beyond the classes is refused")
  func badLabel() {
    var evaluation = Evaluation(classes: 3)
    #expect(throws: InferenceError.labelOutOfRange(label: 3, classes: 3)) {
      try evaluation.record(logits: [1, 2, 3], label: 3)
    }
  }
}
