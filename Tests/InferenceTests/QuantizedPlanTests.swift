import Inference
import Networks
import ReferenceOperations
import Testing

@Suite("Int8: plans give the bits of plain integers")
struct QuantizedPlanTests {
  @Test(
    "Convolutions of odd shapes, strides, paddings, dilations and groups", arguments: ISA.available)
  func convolutions(isa: ISA) throws {
    for (index, shape) in ConvolutionShape.table.enumerated() {
      let network = try shape.network(bias: index % 2 == 0)
      let quantized = QuantizedNetwork(network, seed: UInt64(index))
      try quantized.expectSameBits(isa: isa, threads: 1 + index % 2)
      for (threads, batch) in [(2, 2), (2, 5), (3, 1), (4, 3)] {
        try quantized.expectSameBits(isa: isa, threads: threads, batch: batch)
      }
    }
  }

  @Test("Tiles of bytes are for windows that fill enough of them")
  func shortRuns() throws {
    guard ISA.available.contains(.avx512amx) else { return }
    for (channels, isa) in [(7, ISA.avx512vnni), (8, .avx512amx)] {
      let shape = ConvolutionShape(channels: channels, height: 3, width: 3, kernel: (1, 1))
      let quantized = QuantizedNetwork(try shape.network(), seed: 1)
      let plan = try Plan(
        network: quantized.network, weights: quantized.weights,
        quantization: quantized.quantization, isa: .avx512amx)
      #expect(plan.steps.contains { $0.algorithm.hasSuffix(isa.rawValue) })
    }
  }

  @Test("Linear layers of odd sizes", arguments: ISA.available)
  func linear(isa: ISA) throws {
    for (inputs, outputs) in [(1, 1), (7, 3), (16, 17), (129, 33), (257, 40), (1000, 10)] {
      let network = try single(
        TensorShape(features: inputs), .linear(.init(outputFeatures: outputs)))
      let quantized = QuantizedNetwork(network, seed: UInt64(inputs))
      for batch in [1, 2, 7, 8, 17, 33] {
        try quantized.expectSameBits(isa: isa, threads: 2, batch: batch)
      }
    }
  }

  @Test("LeNet and a small AlexNet", arguments: ISA.available)
  func families(isa: ISA) throws {
    let lenet = try Variant.named("lenet").network()
    try QuantizedNetwork(lenet, seed: 3).expectSameBits(isa: isa, threads: 1)
    let alexnet = try Variant.named("alexnet").network().adapted(imageSize: 71)
    try QuantizedNetwork(alexnet, seed: 4).expectSameBits(isa: isa)
  }

  @Test("Random graphs of sums, concats, poolings and activations", arguments: 0..<40)
  func randomGraphs(seed: UInt64) throws {
    let network = try RandomGraph.network(seed: seed, hasLocalResponseNorm: false)
    let quantized = QuantizedNetwork(network, seed: seed)
    for isa in ISA.available {
      try quantized.expectSameBits(
        isa: isa, threads: Int(seed) % 2 + 1, batch: seed % 3 == 0 ? 5 : 1, seed: seed)
    }
  }

  @Test(
    "Int8 is near to floats in residual, Inception and dense families",
    arguments: ["lenet", "alexnet", "googlenet", "resnet18", "densenet"])
  func nearFloats(name: String) throws {
    let network = try Variant.named(name).network().adapted(imageSize: name == "alexnet" ? 71 : 33)
    let quantized = QuantizedNetwork(network, seed: 5)
    var random = SeededGenerator(seed: 6)
    let input = random.floats(network.input.elementCount)
    let expected = Reference.logits(network, quantized.original, input: input)
    let plan = try Plan(
      network: network, weights: quantized.weights, quantization: quantized.quantization)
    let found = try ExecutionContext(plan: plan, threads: 2).run(input).map(Double.init)
    // The angle between both: a layout or scale that is wrong leaves nothing of it.
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let cosine =
      product(expected, found)
      / (product(expected, expected) * product(found, found)).squareRoot()
    #expect(cosine > 0.95, "\(name)")
  }
}
