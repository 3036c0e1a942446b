import Checkpoints
import Inference
import Networks
import ReferenceOperations
import Tensors
import Testing

@Suite("Looking into a network")
struct VisualizationTests {
  private func input(of network: Network, seed: UInt64) -> [Float] {
    var random = SeededGenerator(seed: seed)
    return random.floats(network.input.elementCount, 0...1)
  }

  @Test("Every node's value is the reference's", arguments: ["lenet", "densenet"])
  func values(name: String) throws {
    let network = try Variant.named(name).network().adapted(imageSize: name == "lenet" ? 28 : 32)
    let weights = Weights.random(of: network, seed: 3)
    let input = input(of: network, seed: 4)
    let expected = Reference.values(network, weights, input: input)
    for names in [network.nodes.map(\.name), [network.nodes[3].name, network.output]] {
      let values = try FeatureMaps.values(
        of: names, in: network, weights: weights, input: input, threads: 1)
      #expect(Set(values.keys) == Set(names))
      for (name, found) in values {
        let truth = try #require(expected[name]?.elements)
        let size = truth.reduce(1) { max($0, abs($1)) }
        #expect(found.count == truth.count)
        #expect(zip(found, truth).allSatisfy { abs(Double($0) - $1) <= 1e-4 * size }, "\(name)")
      }
    }
  }

  @Test("Of a random network any values are kept, whatever is fused or joined", arguments: 1...30)
  func randomValues(seed: UInt64) throws {
    let network = try RandomGraph.network(seed: seed)
    let weights = Weights.random(of: network, seed: seed)
    var random = SeededGenerator(seed: seed)
    let images = random.floats(3 * network.input.elementCount)
    let names = network.nodes.map(\.name).filter { _ in Bool.random(using: &random) }
    let values = try NetworkValues(
      of: names + [Network.inputName], in: network, weights: weights, threads: 2, batch: 3)
    try images.withUnsafeBufferPointer { pointer in
      try values.run(pointer, count: 3) { lent in
        for image in 0..<3 {
          let size = network.input.elementCount
          let input = Array(images[image * size..<(image + 1) * size])
          #expect(Array(lent[Network.inputName, image]) == input)
          let expected = Reference.values(network, weights, input: input)
          for name in names {
            let truth = try #require(expected[name]?.elements)
            let found = lent[name, image]
            let largest = truth.reduce(1) { max($0, abs($1)) }
            #expect(found.count == truth.count)
            #expect(
              zip(found, truth).allSatisfy { abs(Double($0) - $1) <= 1e-4 * largest },
              "\(name), seed \(seed)")
          }
        }
      }
    }
  }

  @Test("A node that is not there is named")
  func unknownNode() throws {
    let network = try Variant.named("lenet").network()
    #expect(throws: NetworkError.unknownOutput("conv9")) {
      try FeatureMaps.values(
        of: ["conv9"], in: network, weights: .random(of: network, seed: 1),
        input: input(of: network, seed: 1))
    }
  }

  @Test("Stages are the last values of each size, from low to high")
  func stages() throws {
    func stages(_ name: String) throws -> [String] {
      FeatureMaps.stages(of: try Variant.named(name).network())
    }
    #expect(try stages("lenet") == ["sigmoid1", "sigmoid2"])
    #expect(try stages("alexnet") == ["relu1", "relu2", "relu5"])
    #expect(try stages("vgg11").count == 5)
    #expect(try stages("resnet18").count == 5)
    let lenet = try Variant.named("lenet").network()
    #expect(FeatureMaps.layers(of: lenet) == ["sigmoid1", "sigmoid2"])
    #expect(FeatureMaps.layers(of: try Variant.named("resnet18").network()).count == 20)
  }

  @Test("A class activation map's mean is the class's score without its bias")
  func classActivationMap() throws {
    let builder = NetworkBuilder("averaged", channels: 2, height: 9, width: 7)
    let scores = builder.input.convolution("conv", 5, kernel: 3, padding: 1).relu()
      .adaptiveAveragePool().flatten().dropout().linear("fc", 4)
    let network = try builder.network(output: scores)
    let weights = Weights.random(of: network, seed: 5)
    let input = input(of: network, seed: 6)
    let activation = ClassActivation(network: network, weights: weights, threads: 1)
    #expect(activation.method == .classActivationMap(node: "relu1"))
    let maps = try activation.maps(for: [3, 0], input: input)
    let logits = Reference.logits(network, weights, input: input)
    let bias = try #require(weights["fc", .bias]).floats
    for (label, map) in zip([3, 0], maps) {
      let mean = map.reduce(0) { $0 + Double($1) } / 63
      #expect(abs(mean - (logits[label] - Double(bias[label]))) < 1e-5)
    }
  }

  @Test("Where a network averages its classes' own maps, these are the class activation maps")
  func networkInNetwork() throws {
    let network = try Variant.named("nin").network().adapted(imageSize: 320)
    let activation = ClassActivation(network: network, weights: Weights())
    guard case .classActivationMap(let node) = activation.method else {
      Issue.record("\(activation.method)")
      return
    }
    #expect(network.shape(of: node).channels == 10)
  }

  @Test("Maps that are too coarse to show a place are not used")
  func coarseMaps() throws {
    for name in ["resnet18", "googlenet", "densenet", "alexnet", "vgg11"] {
      let network = try Variant.named(name).network()
      guard case .occlusion = ClassActivation(network: network, weights: Weights()).method else {
        Issue.record("\(name)")
        continue
      }
    }
    let large = try Variant.named("resnet50-imagenet").network()
    #expect(
      ClassActivation(network: large, weights: Weights()).method
        == .classActivationMap(node: "relu49"))
  }

  @Test("Occlusion finds the only pixels that matter, and the sign")
  func occlusion() throws {
    let builder = NetworkBuilder("corner", channels: 1, height: 20, width: 30)
    let network = try builder.network(output: builder.input.flatten().linear("fc", 2))
    var matrix = [Float](repeating: 0, count: 1200)
    // Class 0 looks at one bright pixel: row 4, column 21.
    matrix[4 * 30 + 21] = 5
    var weights = Weights()
    weights["fc", .weight] = Tensor(shape: [2, 600], matrix)
    weights["fc", .bias] = Tensor(shape: [2], [0, 0] as [Float])
    let activation = ClassActivation(network: network, weights: weights, threads: 2)
    #expect(activation.method == .occlusion(patch: Extent(height: 4, width: 6), places: 560))
    var done = 0
    let maps = try activation.maps(
      for: [0, 1], input: [Float](repeating: 1, count: 600), progress: { done = $0 })
    #expect(done == 560)
    for y in 0..<20 {
      for x in 0..<30 {
        let isFar = abs(y - 4) > 3 || abs(x - 21) > 4
        if isFar { #expect(maps[0][y * 30 + x] == 0 && maps[1][y * 30 + x] == 0) }
      }
    }
    #expect(maps[0][4 * 30 + 21] > 0.6)
    #expect(maps[1][4 * 30 + 21] < -0.6)
  }

  @Test("A class that is not there is refused")
  func label() throws {
    let network = try Variant.named("lenet").network()
    let activation = ClassActivation(network: network, weights: .random(of: network, seed: 1))
    #expect(throws: InferenceError.labelOutOfRange(label: 10, classes: 10)) {
      try activation.maps(for: [10], input: input(of: network, seed: 1))
    }
  }

  @Test("Enlarging keeps a constant, interpolates between centres, and repeats the border")
  func bilinear() {
    let flat = Bilinear.enlarged([3, 3, 3, 3], height: 2, width: 2, toHeight: 5, toWidth: 7)
    // Two weights sum to 1 within half an ULP, on each of two axes.
    #expect(flat.count == 35 && flat.allSatisfy { abs($0 - 3) <= 2 * Float(3).ulp })
    let ramp = Bilinear.enlarged([0, 1], height: 1, width: 2, toHeight: 1, toWidth: 4)
    #expect(ramp == [0, 0.25, 0.75, 1])
  }

  @Test("int8 weights stand for their integers times the channel's scale")
  func int8() throws {
    let network = try Variant.named("lenet").network()
    var weights = Weights.random(of: network, seed: 1)
    weights["fc3", .weight] = Tensor(
      shape: [10, 84], (0..<840).map { Int8(truncatingIfNeeded: $0 * 7) })
    weights.nodes["fc3"]?.weightScale = Tensor(shape: [10], (1...10).map { Float($0) })
    let floats = try #require(weights.inFloat32["fc3", .weight]).floats
    #expect(floats[84 * 3 + 5] == Float(Int8(truncatingIfNeeded: (84 * 3 + 5) * 7)) * 4)
    #expect(weights.inFloat32.precision == .fp32)
  }
}
