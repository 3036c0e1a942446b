import Networks
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Computes each layer by itself, from the float network's values: in float32, and with int8 weights
/// and the uint8 input.
struct LayerComparison {
  private let calibration: Calibration
  private let quantizer: Quantizer
  private var network: Network { quantizer.floatCheckpoint.network }

  init(_ calibration: Calibration, _ quantizer: Quantizer) {
    self.calibration = calibration
    self.quantizer = quantizer
  }

  func noise() throws -> [Quantizer.LayerNoise] {
    let layers = network.nodes.filter { quantizer.weight(of: $0.name) != nil }
    var sums = Array(repeating: (signal: 0.0, noise: 0.0), count: layers.count)
    let values = try NetworkValues(
      of: layers.map { $0.inputs[0] }, in: network, weights: quantizer.floatCheckpoint.weights,
      isa: calibration.isa, threads: calibration.threads, batch: Calibration.exampleLimit)
    let size = network.input.elementCount
    try calibration.examples.withUnsafeBufferPointer { examples in
      let count = examples.count / size
      for first in stride(from: 0, to: count, by: values.maximumBatch) {
        let images = min(values.maximumBatch, count - first)
        let part = UnsafeBufferPointer(rebasing: examples[first * size..<(first + images) * size])
        try values.run(part, count: images) { lent in
          for (index, layer) in layers.enumerated() {
            let inputs = (0..<images).flatMap { lent[layer.inputs[0], $0] }
            let (signal, noise) = try powers(of: layer, inputs, images: images)
            sums[index].signal += signal
            sums[index].noise += noise
          }
        }
      }
    }
    return zip(layers, sums).map { layer, sum in
      .init(
        name: layer.name, decibels: 10 * log10(sum.noise > 0 ? sum.signal / sum.noise : .infinity))
    }
  }

  /// `Σ y²` and `Σ (y − ŷ)²` of a layer over all images.
  private func powers(
    of layer: Node, _ inputs: [Float], images: Int
  ) throws -> (signal: Double, noise: Double) {
    guard let grid = quantizer.grid(of: layer) else { return (0, 0) }
    let alone = try network.alone(layer)
    var weights = Weights()
    weights.nodes[layer.name] = quantizer.floatCheckpoint.weights.nodes[layer.name]
    let exact = try run(alone, weights, inputs, images)
    if let (weight, scale) = quantizer.weight(of: layer.name) {
      weights[layer.name, .weight] = weight
      weights.nodes[layer.name]?.weightScale = scale
    }
    let rounded = try run(alone, weights.inFloat32, inputs.map(grid.rounded), images)
    return zip(exact, rounded).reduce(into: (0, 0)) { sums, pair in
      sums.signal += Double(pair.0) * Double(pair.0)
      sums.noise += Double(pair.0 - pair.1) * Double(pair.0 - pair.1)
    }
  }

  private func run(
    _ network: Network, _ weights: Weights, _ inputs: [Float], _ images: Int
  ) throws -> [Float] {
    let plan = try Plan(
      network: network, weights: weights, isa: calibration.isa, threads: calibration.threads,
      batch: images, expectedRuns: 1)
    return try ExecutionContext(plan: plan, maximumBatch: images, threads: calibration.threads)
      .run(inputs, count: images)
  }
}

extension Network {
  /// A network of one convolution or linear layer.
  fileprivate func alone(_ layer: Node) throws -> Network {
    let input = shape(of: layer.inputs[0])
    let flatten = layer.name == "flatten" ? "flat" : "flatten"
    let isLinear = !shape(of: layer.name).isFeatureMap
    let nodes =
      isLinear
      ? [
        Node(flatten, .flatten, inputs: [Network.inputName]),
        Node(layer.name, layer.operation, inputs: [flatten]),
      ]
      : [
        Node(layer.name, layer.operation, inputs: [Network.inputName]),
        Node(flatten, .flatten, inputs: [layer.name]),
      ]
    return try Network(
      name: name,
      input: isLinear ? TensorShape(channels: input.channels, height: 1, width: 1) : input,
      nodes: nodes, output: isLinear ? layer.name : flatten)
  }
}
