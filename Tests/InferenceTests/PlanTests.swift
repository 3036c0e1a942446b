import Inference
import Networks
import Tensors
import Testing

@Suite("Whole networks: fusion, placement and threads")
struct PlanTests {
  @Test("LeNet and a small AlexNet agree with the reference", arguments: ISA.available)
  func families(isa: ISA) throws {
    try expectAgreement(Variant.named("lenet").network(), isa: isa)
    let alexnet = try Variant.named("alexnet").network().adapted(imageSize: 71)
    try expectAgreement(alexnet, isa: isa)
  }

  @Test(
    "Residual, Inception and dense families agree at a small size",
    arguments: ["resnet18", "densenet", "googlenet"])
  func branches(name: String) throws {
    let network = try Variant.named(name).network().adapted(imageSize: 33)
    try expectAgreement(network, isa: ISA.named(nil), tolerance: 3e-5)
  }

  @Test("Random graphs of every operation agree", arguments: 0..<40)
  func randomGraphs(seed: UInt64) throws {
    let network = try RandomGraph.network(seed: seed)
    let isa = ISA.available[Int(seed) % ISA.available.count]
    try expectAgreement(network, isa: isa, threads: Int(seed) % 3 + 1, seed: seed)
  }

  @Test("Threads, batches and runs do not change a bit")
  func sameBits() throws {
    let network = try Variant.named("resnet18").network().adapted(imageSize: 47)
    let weights = Weights.random(of: network, seed: 7)
    let plan = try Plan(network: network, weights: weights)
    let repacked = try Plan(network: network, weights: weights, threads: 1)
    var random = SeededGenerator(seed: 8)
    let size = network.input.elementCount
    let input = random.floats(size * 5)
    let alone = try ExecutionContext(plan: plan)
    let expected = try (0..<5).flatMap { image in
      try alone.run(Array(input[image * size..<(image + 1) * size]))
    }
    for threads in 1...3 {
      for batch in [5, 8] {
        let context = try ExecutionContext(plan: plan, maximumBatch: batch, threads: threads)
        for _ in 0..<2 { #expect(try context.run(input, count: 5) == expected) }
      }
    }
    let again = try ExecutionContext(plan: repacked, maximumBatch: 5, threads: 2)
    #expect(try again.run(input, count: 5) == expected)
  }

  @Test("Eight threads on one plan each get the single thread's bits")
  func sharedPlan() async throws {
    let network = try Variant.named("lenet").network()
    let plan = try Plan(network: network, weights: .random(of: network, seed: 9))
    var random = SeededGenerator(seed: 10)
    let images = (0..<8).map { _ in random.floats(network.input.elementCount) }
    let context = try ExecutionContext(plan: plan)
    let expected = try images.map { try context.run($0) }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for (index, image) in images.enumerated() {
        let row = expected[index]
        group.addTask {
          let own = try ExecutionContext(plan: plan, threads: index % 2 + 1)
          return try (0..<50).allSatisfy { _ in try own.run(image) == row }
        }
      }
      for try await same in group { #expect(same) }
    }
  }

  @Test("Batch norm, ReLU, bias and residual sums fuse; concat and dropout cost nothing")
  func fusion() throws {
    let resnet = try Variant.named("resnet18").network()
    let plan = try Plan(network: resnet, weights: .random(of: resnet, seed: 1))
    // 20 convolutions, a maximum, a mean and a linear layer.
    #expect(plan.steps.count == 23)
    #expect(plan.steps.reduce(0) { $0 + $1.macs } == resnet.macs)
    let dense = try Variant.named("densenet").network()
    let growing = try Plan(network: dense, weights: .random(of: dense, seed: 1))
    #expect(!growing.steps.contains { $0.algorithm == "copy" })
    #expect(!growing.steps.contains { $0.algorithm == "relu" })
    let inception = try Variant.named("googlenet").network()
    let joined = try Plan(network: inception, weights: .random(of: inception, seed: 1))
    #expect(!joined.steps.contains { $0.algorithm == "copy" || $0.algorithm == "relu" })
  }

  @Test("The observer sees every step in order")
  func observer() throws {
    let network = try Variant.named("lenet").network()
    let plan = try Plan(network: network, weights: .random(of: network, seed: 1))
    let context = try ExecutionContext(plan: plan)
    let input = [Float](repeating: 1, count: network.input.elementCount)
    var logits = [Float](repeating: 0, count: network.classCount)
    var seen: [Int] = []
    try input.withUnsafeBufferPointer { from in
      try logits.withUnsafeMutableBufferPointer { to in
        try context.run(input: from, count: 1, into: to) { step, _ in seen.append(step) }
      }
    }
    #expect(seen == Array(plan.steps.indices))
  }

  @Test("Wrong weights, counts and buffers are refused by name")
  func refusals() throws {
    let network = try Variant.named("lenet").network()
    var weights = Weights.random(of: network, seed: 1)
    let plan = try Plan(network: network, weights: weights)
    let context = try ExecutionContext(plan: plan)
    #expect(throws: InferenceError.bufferTooSmall(what: "the input", needed: 784, found: 3)) {
      try context.run([1, 2, 3])
    }
    #expect(
      throws: InferenceError.invalidCount(what: "number of images", found: 2, allowed: 1...1)
    ) { try context.run([], count: 2) }
    #expect(throws: InferenceError.self) { try ExecutionContext(plan: plan, threads: 0) }
    weights["fc1", .weight] = Tensor(shape: [2, 2], [1, 2, 3, 4] as [Float])
    #expect(
      throws: InferenceError.wrongShape(
        parameter: "fc1.weight", expected: [120, 400], found: [2, 2])
    ) { try Plan(network: network, weights: weights) }
    weights["fc1", .weight] = nil
    #expect(throws: InferenceError.missingParameter("fc1.weight")) {
      try Plan(network: network, weights: weights)
    }
    #expect(throws: InferenceError.unknownISA("sse")) { try ISA.named("sse") }
    if let missing = ISA.allCases.first(where: { !ISA.available.contains($0) }) {
      #expect(
        throws: InferenceError.unavailableISA(missing, available: ISA.available)
      ) { try ISA.named(missing.rawValue) }
    }
  }
}
