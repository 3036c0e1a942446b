import Checkpoints
import Datasets
import Networks
import TestSupport
import Testing
import Training

/// One batch of random images through a network.
private struct Probe {
  let network: Network
  let images: [Float]
  let labels: [Int32]

  init(_ network: Network, batch: Int = 4) {
    self.network = network
    var random = CounterRandom(seed: 11, stream: 7)
    images = (0..<batch * network.input.elementCount).map { _ in Float(random.nextNormal()) }
    labels = (0..<batch).map { Int32($0 % network.classCount) }
  }

  func trainer(
    _ precision: Recipe.Precision = .fp32, change: (inout Recipe) -> Void = { _ in }
  ) throws -> Trainer {
    var recipe = Recipe()
    recipe.batchSize = labels.count
    recipe.precision = precision
    recipe.seed = 3
    change(&recipe)
    return try Trainer(
      network: network, weights: network.initialWeights(seed: 5), recipe: recipe, threads: 2)
  }

  func differentiate(_ trainer: Trainer) throws -> BatchResult {
    try images.withUnsafeBufferPointer { images in
      try labels.withUnsafeBufferPointer { labels in
        try trainer.differentiate(images: images, labels: labels)
      }
    }
  }

  func step(_ trainer: Trainer) throws -> BatchResult {
    try images.withUnsafeBufferPointer { images in
      try labels.withUnsafeBufferPointer { labels in
        try trainer.train(images: images, labels: labels, learningRate: 0.01)
      }
    }
  }
}

@Suite(
  "Training in bfloat16",
  .enabled(if: Recipe.Precision.bf16.isSupported, "the processor has no avx512_bf16"))
struct Bfloat16Tests {
  @Test(
    "Every operation's loss and gradients are near single precision's", arguments: OperationCase.all
  )
  func near(_ example: OperationCase) throws {
    let probe = Probe(try example.network())
    let (single, half) = (try probe.trainer(), try probe.trainer(.bf16))
    let (exact, rounded) = (try probe.differentiate(single), try probe.differentiate(half))
    // Each rounding to 8 bits errs by up to 2⁻⁹ of a value; a path through three layers and back
    // has about a dozen of them, of weights, activations and gradients.
    #expect(abs(exact.loss - rounded.loss) <= 12.0 / 512 * max(exact.loss, 1))
    let (expected, found) = (try single.gradients(), try half.gradients())
    #expect(Set(expected.keys) == Set(found.keys))
    let largest = expected.values.map { norm($0.floats) }.max() ?? 0
    for (parameter, tensor) in expected {
      let other = try #require(found[parameter]).floats
      let difference = norm(zip(tensor.floats, other).map { $0 - $1 })
      // Where ReLU or a maximum flips at a rounding, the gradient of a few elements is another one.
      #expect(
        difference <= 0.1 * norm(tensor.floats) + 0.01 * largest,
        "\(parameter.key): \(difference) of \(norm(tensor.floats))")
    }
  }

  private func norm(_ values: [Float]) -> Double {
    values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  @Test("Small updates add up in the master weights, where bfloat16 would drop them")
  func masterWeights() throws {
    let probe = Probe(try ToyData.network())
    let trainer = try probe.trainer(.bf16) { $0.weightDecay = 0 }
    let before = try trainer.weights()
    for _ in 0..<3 { _ = try probe.step(trainer) }
    let after = try trainer.weights()
    let old = try #require(before["fc1", .weight]).floats
    let new = try #require(after["fc1", .weight]).floats
    // A change below 2⁻⁹ of the value is invisible in bfloat16.
    let small = zip(old, new).filter { $0 != $1 && abs($0 - $1) < abs($0) / 512 }
    #expect(!small.isEmpty)
  }
}

@Suite("Kernels and precision")
struct PrecisionTests {
  @Test(
    "Two trainings give the same bits", arguments: Recipe.Precision.allCases.filter(\.isSupported))
  func repeats(_ precision: Recipe.Precision) throws {
    let network = try Variant.named("alexnet").network().adapted(imageSize: 67)
    let probe = Probe(network, batch: 6)
    let results = try (0..<2).map { _ in
      let trainer = try probe.trainer(precision) {
        $0.momentum = 0.9
        $0.clipNorm = 1
      }
      for _ in 0..<2 { _ = try probe.step(trainer) }
      let weights = try trainer.weights()
      return network.parameters.map { weights[$0]?.floats }
    }
    #expect(results[0] == results[1])
  }

  @Test("Frozen parameters keep their values and cost no backward pass")
  func freezing() throws {
    let builder = NetworkBuilder("frozen", channels: 2, height: 8, width: 8)
    let scores = builder.input
      .convolution("body.conv", 8, kernel: 3, padding: 1, bias: false).batchNorm("body.norm").relu()
      .flatten().linear("head", 4)
    let probe = Probe(try builder.network(output: scores))
    let trainer = try probe.trainer { $0.frozen = ["body"] }
    let before = try trainer.weights()
    _ = try probe.step(trainer)
    let after = try trainer.weights()
    for parameter in probe.network.parameters {
      let isSame = before[parameter]?.floats == after[parameter]?.floats
      #expect(isSame == parameter.node.hasPrefix("body"), "\(parameter.key)")
    }
    #expect(Set(try trainer.gradients().keys.map(\.node)) == ["head"])
    let backward = try trainer.profile().filter { $0.label.hasPrefix("backward") }
    #expect(Set(backward.map(\.node)) == ["head"])
  }

  @Test("A frozen layer between trained ones passes its gradient on")
  func frozenMiddle() throws {
    let probe = Probe(try ToyData.network())
    let free = try probe.trainer()
    let held = try probe.trainer { $0.frozen = ["fc1."] }
    _ = try probe.differentiate(free)
    _ = try probe.differentiate(held)
    let (expected, found) = (try free.gradients(), try held.gradients())
    #expect(!found.keys.contains { $0.node == "fc1" })
    for (parameter, gradient) in found { #expect(gradient.floats == expected[parameter]?.floats) }
  }
}
