import Networks
import TestSupport

/// Random networks of convolutions, batch norms, sums, concats, poolings and activations, whose
/// values are read once, twice or joined in several places.
struct RandomGraph {
  private struct Map {
    let value: NetworkBuilder.Value
    let channels: Int
  }

  private var random: SeededGenerator
  private let hasLocalResponseNorm: Bool
  private let curves: [NodeOperation]
  private let builder: NetworkBuilder
  private var maps: [Map]
  private var read: Set<String> = []

  static func network(seed: UInt64, hasLocalResponseNorm: Bool = true) throws -> Network {
    var graph = try RandomGraph(seed: seed, hasLocalResponseNorm: hasLocalResponseNorm)
    for index in 0..<Int.random(in: 6...16, using: &graph.random) { graph.grow(index) }
    return try graph.finished(flat: seed % 5 == 0)
  }

  private init(seed: UInt64, hasLocalResponseNorm: Bool) throws {
    random = SeededGenerator(seed: seed)
    self.hasLocalResponseNorm = hasLocalResponseNorm
    curves = try NodeOperation.elementWiseSamples().filter { $0 != .relu }
    let side = Int.random(in: 5...14, using: &random)
    let channels = Int.random(in: 1...5, using: &random)
    builder = NetworkBuilder("random-\(seed)", channels: channels, height: side, width: side)
    maps = [Map(value: builder.input, channels: channels)]
  }

  /// Adds a random operation on one of the last values, with others where it takes several.
  private mutating func grow(_ index: Int) {
    let x = maps[Int.random(in: max(0, maps.count - 3)..<maps.count, using: &random)]
    switch Int.random(in: 0..<12, using: &random) {
    case 0, 1, 2: convolve(x, "conv\(index)")
    case 3: append(x.value.batchNorm("batchnorm\(index)"), x.channels, reading: [x])
    case 4: append(x.value.relu(), x.channels, reading: [x])
    case 5:
      guard let curve = curves.randomElement(using: &random) else { return }
      append(x.value.then(numbered: "curve", curve), x.channels, reading: [x])
    case 6: append(x.value.maxPool(3, stride: 1, padding: 1), x.channels, reading: [x])
    case 7 where hasLocalResponseNorm:
      append(x.value.localResponseNorm(3, alpha: 0.3), x.channels, reading: [x])
    case 7: append(x.value.averagePool(3, stride: 1, padding: 1), x.channels, reading: [x])
    case 8, 9: addResidual(x, "sum\(index)")
    case 10:
      let other = maps.filter { $0.channels == x.channels }.randomElement(using: &random) ?? x
      append(x.value.adding(other.value), x.channels, reading: [x, other])
    default:
      let others = (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in
        maps.randomElement(using: &random)
      }
      join([x] + others)
    }
  }

  private mutating func append(
    _ value: NetworkBuilder.Value, _ channels: Int, reading inputs: [Map]
  ) {
    read.formUnion(inputs.map(\.value.name))
    maps.append(Map(value: value, channels: channels))
  }

  private mutating func convolve(_ x: Map, _ name: String) {
    let outputs = Int.random(in: 1...19, using: &random)
    let side = [1, 3, 5].randomElement(using: &random) ?? 1
    let value = x.value.convolution(
      name, outputs, kernel: Extent(side), padding: Extent(side / 2),
      bias: Bool.random(using: &random))
    append(value, outputs, reading: [x])
  }

  private mutating func addResidual(_ x: Map, _ name: String) {
    let value = x.value.convolution(name, x.channels, kernel: 3, padding: 1)
    let normed = Bool.random(using: &random) ? value.batchNorm("\(name).norm") : value
    append(normed.adding(x.value), x.channels, reading: [x])
  }

  private mutating func join(_ inputs: [Map]) {
    let channels = inputs.reduce(0) { $0 + $1.channels }
    guard channels < 200, inputs.count > 1 else { return }
    append(
      inputs[0].value.concatenated(with: inputs.dropFirst().map(\.value)), channels,
      reading: inputs)
  }

  /// Joins what nobody reads and ends in scores.
  private mutating func finished(flat: Bool) throws -> Network {
    let leaves = maps.dropFirst().filter { !read.contains($0.value.name) }
    if leaves.count > 1, let first = leaves.first {
      let others = leaves.dropFirst().map(\.value)
      append(first.value.concatenated(with: others), 0, reading: Array(leaves))
    }
    let last = maps[maps.count - 1].value
    if flat { return try builder.network(output: last.flatten()) }
    let scores =
      Bool.random(using: &random)
      ? last.flatten().dropout().linear("head", 7) : last.adaptiveAveragePool(2).flatten()
    return try builder.network(output: scores)
  }
}
