import Checkpoints
import Networks
import Tensors
import TestSupport

/// Random small networks that together have every operation, and random weights for them.
struct RandomNetwork {
  private var random: SeededGenerator
  private var nodes: [Node] = []
  private var shapes: [String: TensorShape]
  private var last = Network.inputName
  private let seed: UInt64

  /// A network of about ten nodes; `seed` also picks the operation that it surely has.
  static func make(seed: UInt64) throws -> Network {
    var maker = RandomNetwork(seed: seed)
    return try maker.network()
  }

  private init(seed: UInt64) {
    self.seed = seed
    random = SeededGenerator(seed: seed)
    let shape = TensorShape(
      channels: [1, 2, 3, 4].randomElement(using: &random) ?? 1,
      height: .random(in: 9...17, using: &random), width: .random(in: 9...17, using: &random))
    shapes = [Network.inputName: shape]
  }

  private mutating func network() throws -> Network {
    try append(.convolution(.init(outputChannels: 4, kernelSize: 3, padding: 1)))
    let kinds = NodeOperation.Kind.allCases
    try add(kinds[Int(seed) % kinds.count])
    for _ in 0..<7 {
      if let kind = kinds.randomElement(using: &random) { try add(kind) }
    }
    if shapes[last]?.isFeatureMap == true { try append(.flatten) }
    try append(.linear(.init(outputFeatures: 6)))
    if Bool.random(using: &random) { try append(.dropout(probability: 0.5)) }
    let input = shapes[Network.inputName] ?? TensorShape([])
    return try Network(name: "random-\(seed)", input: input, nodes: nodes, output: last)
  }

  private mutating func add(_ kind: NodeOperation.Kind) throws {
    guard let shape = shapes[last] else { return }
    switch kind {
    case .flatten, .linear:
      // Feature maps stay until the end, so that most operations find one.
      return
    case .add, .concat: return try join(kind, shape)
    case .convolution: try append(.convolution(convolution(shape)))
    case .maxPool:
      var window = window(shape)
      window.countIncludesPadding = true
      try append(.maxPool(window))
    case .averagePool: try append(.averagePool(window(shape)))
    case .adaptiveAveragePool:
      let grids: [Extent] = [1, Extent(height: 2, width: 3), 3, 4]
      try append(.adaptiveAveragePool(grids.randomElement(using: &random) ?? 1))
    default: try append(kind.sample())
    }
  }

  private mutating func convolution(_ shape: TensorShape) -> NodeOperation.Convolution {
    let groups = shape.channels % 2 == 0 && Bool.random(using: &random) ? 2 : 1
    var result = NodeOperation.Convolution(
      outputChannels: 2 * .random(in: 1...4, using: &random), kernelSize: 1, groups: groups,
      bias: Bool.random(using: &random))
    if shape.height >= 5, shape.width >= 5 {
      result.kernelSize = Extent(
        height: .random(in: 1...3, using: &random), width: .random(in: 1...3, using: &random))
      result.padding = Extent(
        height: .random(in: 0...2, using: &random), width: .random(in: 0...2, using: &random))
      result.dilation = Extent(
        height: .random(in: 1...2, using: &random), width: .random(in: 1...2, using: &random))
      result.stride = Extent(height: .random(in: 1...2, using: &random), width: 1)
    }
    return result
  }

  private mutating func window(_ shape: TensorShape) -> NodeOperation.Pooling {
    let side = min(3, shape.height, shape.width)
    let kernel = Extent(
      height: .random(in: 1...side, using: &random), width: .random(in: 1...side, using: &random))
    return NodeOperation.Pooling(
      kernelSize: kernel, stride: Extent(.random(in: 1...3, using: &random)),
      padding: Extent(height: kernel.height / 2, width: kernel.width / 2),
      ceilMode: Bool.random(using: &random), countIncludesPadding: Bool.random(using: &random))
  }

  /// Two or three branches from the last value: a 1×1 convolution each for a concatenation, ones
  /// that keep the channels for a sum.
  private mutating func join(_ kind: NodeOperation.Kind, _ shape: TensorShape) throws {
    let source = last
    var branches = [source]
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      last = source
      try append(
        .convolution(
          .init(outputChannels: kind == .add ? shape.channels : 3, kernelSize: 1, bias: false)))
      branches.append(last)
    }
    try append(kind == .add ? .add : .concat, inputs: branches)
  }

  private mutating func append(_ operation: NodeOperation, inputs: [String]? = nil) throws {
    let inputs = inputs ?? [last]
    let name = "n\(nodes.count)_\(operation.kind)"
    let shape = try operation.outputShape(of: inputs.compactMap { shapes[$0] }, node: name)
    nodes.append(Node(name, operation, inputs: inputs))
    shapes[name] = shape
    last = name
  }
}

extension Checkpoint {
  /// A network with random weights of a size that keeps values near one, and random statistics.
  static func random(_ network: Network, seed: UInt64) -> Checkpoint {
    var random = SeededGenerator(seed: seed ^ 0xABCD)
    var weights = Weights()
    for parameter in network.parameters {
      let fanIn = parameter.shape.dropFirst().reduce(1, *)
      let isNorm = parameter.shape.count == 1 && parameter.role == .weight
      let range: ClosedRange<Float> =
        switch parameter.role {
        case .weight where isNorm: 0.5...1.5
        case .weight: -(3 / Float(fanIn)).squareRoot()...(3 / Float(fanIn)).squareRoot()
        case .bias, .runningMean: -0.5...0.5
        case .runningVariance: 0.2...2
        }
      weights[parameter] = Tensor(
        shape: parameter.shape,
        (0..<parameter.count).map { _ in Float.random(in: range, using: &random) })
    }
    let shape = network.input
    return Checkpoint(
      network: network, weights: weights,
      preprocessing: Preprocessing(
        channels: shape.channels, height: shape.height, width: shape.width,
        mean: (0..<shape.channels).map { 0.3 + 0.1 * Float($0) },
        std: (0..<shape.channels).map { 0.2 + 0.05 * Float($0) }),
      labels: ["T-shirt/top", "Ankle \"boot\"", "naïve ☕"].prefix(network.classCount).map { $0 },
      training: TrainingRecord(
        epoch: 2, step: 40, seed: .max, recipe: "{\"lr\":0.1}",
        history: [
          HistoryColumn(name: "trainAccuracy", values: [0.5, 0.75]),
          HistoryColumn(name: "testLoss", values: [.nan, 0.625]),
        ]))
  }

  /// The same with int8 weights and random grids for most values, as a quantiser leaves it; the
  /// last layer keeps its float weight in some.
  func quantizedAtRandom(seed: UInt64) -> Checkpoint {
    var random = SeededGenerator(seed: seed ^ 0x51)
    var result = self
    var grids: [String: Quantization.Activation] = [:]
    for name in [Network.inputName] + network.nodes.map(\.name) {
      guard Int.random(in: 0..<5, using: &random) > 0 else { continue }
      grids[name] = .init(
        scale: .random(in: 0.02...0.05, using: &random),
        zeroPoint: [0, 100, 128].randomElement(using: &random) ?? 0)
    }
    for node in network.nodes where !(seed % 2 == 0 && node.name == network.output) {
      guard case let parameters = network.parameters(of: node), let weight = parameters.first,
        weight.shape.count > 1, let tensor = weights[weight]
      else { continue }
      let rows = weight.shape[0]
      let values = tensor.floats
      let length = values.count / rows
      let scales = (0..<rows).map { row in
        (values[row * length..<(row + 1) * length].map(abs).max() ?? 1) / 127
      }
      result.weights[weight] = Tensor(
        shape: weight.shape,
        values.enumerated().map { Int8(($1 / scales[$0 / length]).rounded()) })
      result.weights.nodes[node.name]?.weightScale = Tensor(shape: [rows], scales)
    }
    result.quantization = Quantization(method: "minmax", samples: 3, activations: grids)
    return result
  }
}
