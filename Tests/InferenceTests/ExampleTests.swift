import CheckpointWriting
import Checkpoints
import Images
import Inference
import Networks
import Tensors
import TestSupport
import Testing

/// The examples of `Inference`'s documentation comments. `ArchitectureTests` finds each of their lines
/// here, so that every example compiles; those without files also run.
@Suite("Examples of the documentation")
struct ExampleTests {
  private let checkpoint: Checkpoint
  private let pixels: [Float]

  init() throws {
    let builder = NetworkBuilder("small", channels: 1, height: 12, width: 12)
    let scores = builder.input.convolution("conv1", 4, kernel: 3).relu().flatten().linear("fc", 7)
    let network = try builder.network(output: scores)
    checkpoint = Checkpoint(
      network: network, weights: HashedValues.weights(of: network),
      preprocessing: .usual(for: network), labels: [])
    pixels = (0..<network.input.elementCount).map { Float($0 % 17) / 17 }
  }

  @Test("Plans and contexts")
  func running() throws {
    let plan = try Plan(
      network: checkpoint.network, weights: checkpoint.weights,
      quantization: checkpoint.quantization)
    print(plan.network.name, plan.isa, plan.arenaBytes)
    let logits = try ExecutionContext(plan: plan).run(pixels)
    let probabilities = Softmax.probabilities(logits)
    for index in Softmax.top(logits, count: 5) { print(index, probabilities[index]) }
    for isa in ISA.available {
      let plan = try Plan(network: checkpoint.network, weights: checkpoint.weights, isa: isa)
      print(isa.rawValue, try ExecutionContext(plan: plan).run(pixels))
    }
    do {
      let plan = try Plan(network: checkpoint.network, weights: checkpoint.weights.inFloat32)
      #expect(try ExecutionContext(plan: plan).run(pixels) == logits)
    }
    try batches(plan, pixels: Array(repeating: pixels, count: 32).flatMap(\.self), first: logits)
  }

  private func batches(_ plan: Plan, pixels: [Float], first: [Float]) throws {
    let context = try ExecutionContext(plan: plan, maximumBatch: 32, threads: 4)
    let logits = try context.run(pixels, count: 32)  // 32 images, then 32 rows of scores
    #expect(Array(logits.prefix(7)) == first)
    let output = UnsafeMutableBufferPointer<Float>.allocate(capacity: 32 * 7)
    defer { output.deallocate() }
    try pixels.withUnsafeBufferPointer { input in
      try context.run(input: input, count: 32, into: output)
    }
    #expect(Array(output) == logits)
  }

  @Test("Errors")
  func errors() {
    let (network, weights) = (checkpoint.network, checkpoint.weights)
    do {
      _ = try Plan(network: network, weights: weights, isa: .neon)
    } catch InferenceError.unavailableISA(_, let available) {
      print("this processor has", available)
    } catch let error as InferenceError {
      print(error.description)  // what, where, and what to do
    } catch {
      Issue.record(error)
    }
  }

  @Test("Evaluation")
  func evaluation() throws {
    let plan = try Plan(network: checkpoint.network, weights: checkpoint.weights)
    let context = try ExecutionContext(plan: plan)
    let (images, labels) = ([pixels, pixels], [3, 5])
    var ofAnotherPlan = Evaluation(classes: plan.network.classCount)
    for label in labels {
      try ofAnotherPlan.record(logits: context.run(pixels), label: label)
    }
    var evaluation = Evaluation(classes: plan.network.classCount)
    for (image, label) in zip(images, labels) {
      try evaluation.record(logits: context.run(image), label: label)
    }
    print(evaluation.accuracy, evaluation.loss, evaluation.images)
    print(evaluation.confusion[3][5], "images of class 3 were classified as 5")
    print(evaluation.agreement(with: ofAnotherPlan))
    #expect(evaluation.agreement(with: ofAnotherPlan) == 1)
  }

  @Test("Values of nodes")
  func nodeValues() throws {
    let images = Array(repeating: pixels, count: 8).flatMap(\.self)
    let values = try NetworkValues(
      of: ["conv1"], in: checkpoint.network, weights: checkpoint.weights, batch: 8)
    try images.withUnsafeBufferPointer { input in
      let count = min(8, values.maximumBatch)
      let greatest = try values.run(input, count: count) { lent in
        (0..<count).map { image in lent["conv1", image].max() ?? 0 }
      }
      #expect(Set(greatest).count == 1)
      let sum = try values.run(input, count: 1) { lent in
        lent["conv1", 0].reduce(0, +)
      }
      #expect(sum.isFinite)
    }
  }

  @Test("Quantisation")
  func quantization() throws {
    let batches = [pixels, pixels.reversed()]
    let calibration = try Calibration(of: checkpoint)
    for batch in batches { try calibration.observe(batch) }  // prepared images, [Float]
    print(calibration.samples, "images seen")
    for method in CalibrationMethod.allCases {
      print(method.rawValue, try Quantizer(calibration, method: method).layers.count)
    }
    let quantizer = try Quantizer(calibration, method: .percentile)
    for layer in quantizer.layers { print(layer.name, layer.decibels, "dB") }
    let noisy = quantizer.layers.filter { $0.decibels < 10 }.map(\.name)
    let int8 = quantizer.checkpoint(fallingBack: Set(noisy))
    #expect(int8.quantization != nil)
    let floatAccuracy = 0.75
    func accuracy(of checkpoint: Checkpoint) throws -> Double { 0.75 }
    let outcome = try quantizer.quantize(losingAtMost: 0.005, of: floatAccuracy) { checkpoint, _ in
      try accuracy(of: checkpoint)
    }
    print(outcome.accuracy, outcome.fallenBack, outcome.checkpoint.network.name)
    #expect(outcome.fallenBack.isEmpty)
  }

  @Test("Options")
  func options() throws {
    var options = Classifier.Options(threads: 2)
    options.limits = ImageLimits(maxPixels: 1_000_000)
    options.invert = true
    options.isa = .scalar
    options.expectedImages = 1
    #expect(try Classifier(checkpoint, options: options).plan.isa == .scalar)
  }

  /// Compiled only: these read and write files of the working directory.
  private func files() throws {
    let classifier = try Classifier(checkpoint: "alexnet.h5")
    for prediction in try classifier.classify("ankle-boot.png", topK: 3) {
      print(prediction.label, prediction.probability)
    }
    let best = try classifier.classify("ankle-boot.png", topK: 1)[0]
    print(best.index, best.label, best.probability, best.logit)

    let checkpoint = try Checkpoint(contentsOf: "alexnet.h5")
    let first = try Classifier(checkpoint, options: Classifier.Options(threads: 1))
    let second = try Classifier(
      plan: first.plan, preprocessing: first.preprocessing, labels: first.labels,
      options: Classifier.Options(threads: 1))
    let logits = try second.logits(of: Image(pngFile: "ankle-boot.png"))

    let batches = [logits]
    let calibration = try Calibration(of: Checkpoint(contentsOf: "alexnet.h5"))
    for batch in batches { try calibration.observe(batch) }
    let quantizer = try Quantizer(calibration, method: .mse)
    try quantizer.checkpoint().write(to: "alexnet-int8.h5")
  }
}
