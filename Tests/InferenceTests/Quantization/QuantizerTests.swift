import Checkpoints
import Foundation
import Inference
import Networks
import ReferenceOperations
import Tensors
import Testing

@Suite("Quantising a checkpoint")
struct QuantizerTests {
  private func checkpoint(_ network: Network, seed: UInt64) -> Checkpoint {
    Checkpoint(
      network: network, weights: .random(of: network, seed: seed),
      preprocessing: Preprocessing(
        channels: network.input.channels, height: network.input.height,
        width: network.input.width), labels: ["one"],
      training: TrainingRecord(
        epoch: 1, step: 2, seed: 3, recipe: "{}", history: [.init(name: "trainLoss", values: [1])],
        optimizer: ["conv1": ["weight.momentum": Tensor(shape: [1], [Float(1)])]]))
  }

  private func calibrated(_ checkpoint: Checkpoint, images: Int = 4) throws -> Calibration {
    let calibration = try Calibration(of: checkpoint, threads: 2)
    var random = SeededGenerator(seed: 9)
    try calibration.observe(
      random.floats(images * checkpoint.network.input.elementCount, 0...1))
    return calibration
  }

  private func family(_ name: String) throws -> Checkpoint {
    let network = try Variant.named(name).network()
    return checkpoint(name == "lenet" ? network : try network.adapted(imageSize: 64), seed: 4)
  }

  @Test("LeNet's values have grids but for the scores and what only moves values")
  func lenet() throws {
    let quantizer = try Quantizer(calibrated(family("lenet")), method: .minmax)
    let result = quantizer.checkpoint()
    let quantization = try #require(result.quantization)
    #expect(quantization.method == "minmax" && quantization.samples == 4)
    #expect(
      Set(quantization.activations.keys) == [
        "input", "conv1", "sigmoid1", "pool1", "conv2", "sigmoid2", "pool2", "fc1", "sigmoid3",
        "fc2", "sigmoid4",
      ])
    #expect(quantizer.layers.map(\.name) == ["conv1", "conv2", "fc1", "fc2", "fc3"])
    for layer in quantizer.layers {
      let node = try #require(result.weights.nodes[layer.name])
      #expect(node.parameters[.weight]?.element == .int8)
      #expect(node.parameters[.bias]?.element == .float32)
      #expect(node.weightScale?.shape == [result.network.shape(of: layer.name).channels])
      #expect(layer.decibels > 30 && layer.decibels < 70, "\(layer)")
    }
    #expect(result.training?.optimizer.isEmpty == true)
    #expect(result.training?.history == [.init(name: "trainLoss", values: [1])])
    #expect(result.labels == ["one"])
  }

  @Test("A fused group has a grid at its end only, behind a ReLU with zero point 0")
  func resnet() throws {
    let result = try Quantizer(calibrated(family("resnet18")), method: .percentile).checkpoint()
    let activations = try #require(result.quantization?.activations)
    for node in result.network.nodes {
      let readers = result.network.readers(of: node.name)
      let isFused = readers.count == 1 && readers[0].operation == .relu
      switch node.operation {
      case .relu: #expect(activations[node.name]?.zeroPoint == 0, "\(node.name)")
      case .maxPool, .flatten, .linear: #expect(activations[node.name] == nil, "\(node.name)")
      case .convolution where isFused: #expect(activations[node.name] == nil, "\(node.name)")
      default: break
      }
    }
    // The input, the stem, two values in each of eight blocks, three shortcuts, the last mean.
    #expect(activations.count == 1 + 1 + 16 + 3 + 1)
  }

  @Test("What only a concat reads lies on its grid")
  func googlenet() throws {
    let result = try Quantizer(calibrated(family("googlenet")), method: .minmax).checkpoint()
    let activations = try #require(result.quantization?.activations)
    var joined = 0
    for node in result.network.nodes {
      guard case .concat = node.operation, let grid = activations[node.name] else { continue }
      for input in node.inputs where result.network.readers(of: input).count == 1 {
        #expect(activations[input] == grid)
        joined += 1
      }
    }
    #expect(joined == 36)
  }

  @Test("A layer that falls back keeps its float weight, and what it alone reads its floats")
  func fallback() throws {
    let quantizer = try Quantizer(calibrated(family("lenet")), method: .minmax)
    let result = quantizer.checkpoint(fallingBack: ["conv2", "fc3"])
    for name in ["conv2", "fc3"] {
      let node = try #require(result.weights.nodes[name])
      #expect(node.weightScale == nil)
      #expect(
        node.parameters[.weight]?.floats
          == quantizer.floatCheckpoint.weights[name, .weight]?.floats)
    }
    let names = try #require(result.quantization?.activations.keys)
    #expect(!names.contains("pool1") && !names.contains("sigmoid4"))
    #expect(names.contains("conv2") && names.contains("sigmoid1") && names.contains("pool2"))
  }

  @Test("Layers fall back from the noisiest on, until the drop is met or none is left")
  func search() throws {
    let quantizer = try Quantizer(calibrated(family("lenet")), method: .minmax)
    let order = quantizer.layers.sorted { $0.decibels < $1.decibels }.map(\.name)
    let some = quantizer.quantize(losingAtMost: 0.01, of: 0.9) { _, fallenBack in
      0.87 + 0.01 * Double(fallenBack.count)
    }
    #expect(some.fallenBack == Array(order[..<2]) && abs(some.accuracy - 0.89) < 1e-9)
    #expect(some.checkpoint.weights.nodes[order[0]]?.weightScale == nil)
    #expect(some.checkpoint.weights.nodes[order[2]]?.weightScale != nil)
    let all = quantizer.quantize(losingAtMost: 0, of: 0.9) { _, _ in 0.5 }
    #expect(all.fallenBack == order)
    #expect(all.checkpoint.quantization?.activations.isEmpty == false)
    let none = quantizer.quantize(losingAtMost: 0, of: 0.9) { _, _ in 0.95 }
    #expect(none.fallenBack.isEmpty)
  }

  @Test("A layer's ratio is the formula's")
  func decibels() throws {
    let builder = NetworkBuilder("one", channels: 3, height: 5, width: 5)
    let scores = builder.input.convolution("conv", 4, kernel: 3).flatten()
    let before = checkpoint(try builder.network(output: scores), seed: 6)
    var random = SeededGenerator(seed: 9)
    let image = random.floats(75, -1...1)
    let calibration = try Calibration(of: before, threads: 1)
    try calibration.observe(image)
    let quantizer = try Quantizer(calibration, method: .minmax)
    let after = quantizer.checkpoint()
    let grid = try #require(after.quantization?.activations["input"])
    let exact = Reference.logits(before.network, before.weights, input: image)
    let rounded = Reference.logits(
      after.network, after.weights.inFloat32, input: image.map { grid.rounded($0) })
    let signal = exact.reduce(0) { $0 + $1 * $1 }
    let noise = zip(exact, rounded).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let layer = try #require(quantizer.layers.first)
    #expect(abs(layer.decibels - 10 * log10(signal / noise)) < 0.01)
    #expect(layer.decibels > 35)
  }

  @Test("Memory and results do not depend on how images come")
  func batches() throws {
    let before = try family("lenet")
    var random = SeededGenerator(seed: 2)
    let images = random.floats(37 * 784, 0...1)
    let (whole, parts) = (try Calibration(of: before), try Calibration(of: before, threads: 1))
    try whole.observe(images)
    for first in stride(from: 0, to: 37, by: 5) {
      try parts.observe(Array(images[first * 784..<min(first + 5, 37) * 784]))
    }
    #expect(whole.samples == 37 && parts.samples == 37)
    for method in CalibrationMethod.allCases {
      let (a, b) = (try Quantizer(whole, method: method), try Quantizer(parts, method: method))
      #expect(a.checkpoint().quantization?.activations == b.checkpoint().quantization?.activations)
      #expect(a.layers == b.layers)
    }
  }

  @Test("What cannot be quantised is told")
  func refused() throws {
    let before = try family("lenet")
    let calibration = try Calibration(of: before)
    #expect(throws: InferenceError.notCalibrated) { try Quantizer(calibration, method: .mse) }
    let after = try Quantizer(calibrated(before), method: .mse).checkpoint()
    #expect(throws: InferenceError.self) { try Calibration(of: after) }
    let image = [Float](repeating: .nan, count: 784)
    #expect(throws: InferenceError.notFinite(value: "input")) { try calibration.observe(image) }
    #expect(throws: InferenceError.notFinite(value: "conv1")) {
      try calibration.observe([Float](repeating: .greatestFiniteMagnitude, count: 784))
    }
  }
}
