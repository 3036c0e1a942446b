import Checkpoints
import Inference
import Networks
import ReferenceOperations
import Testing

@Suite("Folding batch norms")
struct BatchNormFoldingTests {
  private func checkpoint(_ network: Network, seed: UInt64) -> Checkpoint {
    Checkpoint(
      network: network, weights: .random(of: network, seed: seed),
      preprocessing: Preprocessing(
        channels: network.input.channels, height: network.input.height,
        width: network.input.width), labels: [])
  }

  private func expectSame(_ before: Checkpoint, _ after: Checkpoint) {
    var random = SeededGenerator(seed: 5)
    let input = random.floats(before.network.input.elementCount)
    let expected = Reference.logits(before.network, before.weights, input: input)
    let found = Reference.logits(after.network, after.weights, input: input)
    let size = expected.map(abs).max() ?? 0
    // Float32 weights: 2⁻²⁴ each, over tens of layers.
    #expect(zip(expected, found).allSatisfy { abs($0 - $1) <= 1e-5 * size })
    #expect(found.count == expected.count)
  }

  @Test("The function stays in random networks", arguments: 1...40)
  func random(seed: UInt64) throws {
    let before = checkpoint(try RandomGraph.network(seed: seed), seed: seed)
    let after = try before.foldingBatchNorm()
    expectSame(before, after)
    for node in after.network.nodes {
      guard case .batchNorm = node.operation,
        case .convolution? = after.network.node(named: node.inputs[0])?.operation
      else { continue }
      #expect(after.network.readers(of: node.inputs[0]).count > 1)
    }
    #expect(Set(after.weights.nodes.keys) == Set(after.network.parameters.map(\.node)))
  }

  @Test("ResNet has none left, DenseNet those before its convolutions")
  func families() throws {
    func count(_ name: String) throws -> Int {
      let network = try Variant.named(name).network().adapted(imageSize: 32)
      let after = try checkpoint(network, seed: 2).foldingBatchNorm()
      return after.network.nodes.count { if case .batchNorm = $0.operation { true } else { false } }
    }
    #expect(try count("resnet18") == 0)
    // One before each of the 16 convolutions, of the 3 transitions, and the last.
    #expect(try count("densenet") == 20)
  }

  @Test("Norms behind norms and behind dropout are folded, one that others pass by is not")
  func chains() throws {
    let builder = NetworkBuilder("chain", channels: 2, height: 6, width: 6)
    let first = builder.input.convolution("a", 4, kernel: 3, padding: 1, bias: false)
    let normed = first.batchNorm("n1").batchNorm("n2").dropout().batchNorm("n3").relu()
    let second = normed.convolution("b", 4, kernel: 1)
    let scores = second.batchNorm("n4").adding(second).flatten()
    let before = checkpoint(try builder.network(output: scores), seed: 3)
    let after = try before.foldingBatchNorm()
    expectSame(before, after)
    let norms = after.network.nodes.filter { $0.name.hasPrefix("n") }.map(\.name)
    #expect(norms == ["n4"])
  }
}
