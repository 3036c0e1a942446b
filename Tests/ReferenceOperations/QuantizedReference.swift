package import Checkpoints
package import Networks
package import Tensors

/// The uint8 numbers that a value is rounded to.
typealias Grid = Quantization.Activation

/// A quantised network computed with plain integers, group by group of what is rounded once: the truth
/// of the int8 kernels and plans, bit for bit.
///
/// Every convolution and linear layer has int8 weights, and every value but the output has a grid.
package struct QuantizedReference {
  /// A value, row-major `[C, H, W]`: numbers of a grid, or floats.
  enum Value {
    case numbers([Int], Grid, TensorShape)
    case floats([Float], TensorShape)
  }

  let network: Network
  let weights: Weights
  let grids: [String: Grid]
  var values: [String: Value] = [:]

  /// The logits of one image.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - weights: Its tensors.
  ///   - quantization: Its grids.
  ///   - input: The image `[C, H, W]`.
  /// - Returns: The class scores.
  package static func logits(
    _ network: Network, _ weights: Weights, _ quantization: Quantization, input: [Float]
  ) -> [Float] {
    var reference = QuantizedReference(
      network: network, weights: weights, grids: quantization.grids(of: network))
    reference.values[Network.inputName] = reference.rounded(
      input, Network.inputName, network.input)
    var absorbed: Set<String> = []
    for node in network.nodes where !absorbed.contains(node.name) {
      let group = [node] + reference.followers(of: node)
      absorbed.formUnion(group.map(\.name))
      // A sum's other operand may come later than the convolution that takes the sum in.
      reference.waiting.append(group)
      reference.runReady()
    }
    precondition(reference.waiting.isEmpty)
    return reference.floats(network.output)
  }

  private var waiting: [[Node]] = []

  private mutating func runReady() {
    while let index = waiting.firstIndex(where: isReady) {
      let group = waiting.remove(at: index)
      values[group[group.count - 1].name] = value(of: group)
    }
  }

  private func isReady(_ group: [Node]) -> Bool {
    let own = Set(group.map(\.name))
    return group.flatMap(\.inputs).allSatisfy { own.contains($0) || values[$0] != nil }
  }

  init(network: Network, weights: Weights, grids: [String: Grid]) {
    self.network = network
    self.weights = weights
    self.grids = grids
  }

  // MARK: Values

  func numbers(_ name: String) -> (elements: [Int], grid: Grid, shape: TensorShape) {
    guard case .numbers(let elements, let grid, let shape) = values[name] else {
      preconditionFailure("'\(name)' has no grid")
    }
    return (elements, grid, shape)
  }

  private func floats(_ name: String) -> [Float] {
    switch values[name] {
    case .floats(let elements, _): elements
    case .numbers(let elements, let grid, _):
      elements.map { Float($0 - Int(grid.zeroPoint)) * grid.scale }
    case nil: []
    }
  }

  /// Values that the grid of `name` rounds; units of its scale if `inUnits`.
  func rounded(
    _ values: [Float], _ name: String, _ shape: TensorShape,
    clamp: ClosedRange<Float> = -.infinity ... .infinity, inUnits: Bool = false
  ) -> Value {
    guard let grid = grids[name] else {
      return .floats(values.map { min(max($0, clamp.lowerBound), clamp.upperBound) }, shape)
    }
    let zero = Int(grid.zeroPoint)
    let numbers = values.map { value in
      let units = inUnits ? value : value / grid.scale
      let limited = min(
        max(units, clamp.lowerBound / grid.scale), clamp.upperBound / grid.scale)
      let saturated = min(max(limited, -Float(zero)), Float(255 - zero))
      return Int(saturated.rounded(.toNearestOrEven)) + zero
    }
    return .numbers(numbers, grid, shape)
  }

  // MARK: Groups

  /// Readers of a value through what leaves it as it is; nil stands for the network's caller.
  private func readers(_ name: String) -> [Node?] {
    let direct: [Node?] = network.nodes.flatMap { node in
      node.inputs.filter { $0 == name }.flatMap { _ -> [Node?] in
        node.operation.traits.contains(.isTrainingOnly) ? readers(node.name) : [node]
      }
    }
    return direct + (name == network.output ? [nil] : [])
  }

  private func soleReader(_ name: String) -> Node? {
    let all = readers(name)
    return all.count == 1 ? all[0] : nil
  }

  /// What is computed with a node and rounded with it: a sum, then a clamp.
  private func followers(of node: Node) -> [Node] {
    guard node.operation.traits.contains(.canEndInClamp) else { return [] }
    var group: [Node] = []
    if case .convolution = node.operation, let sum = soleReader(node.name),
      taker(of: sum) == node.name
    {
      group.append(sum)
    }
    if let next = soleReader(group.last?.name ?? node.name), next.operation.clamp != nil {
      group.append(next)
    }
    return group
  }

  /// The convolution that takes a sum in: the later one that nobody else reads.
  private func taker(of sum: Node) -> String? {
    guard case .add = sum.operation, sum.inputs.count == 2, grids[sum.name] != nil else {
      return nil
    }
    let convolutions = sum.inputs.map(source).filter { name in
      guard let node = network.node(named: name), case .convolution = node.operation else {
        return false
      }
      return soleReader(name) != nil
    }
    return network.nodes.last { convolutions.contains($0.name) }?.name
  }

  /// The value that a name stands for, dropouts left out.
  func source(_ name: String) -> String {
    guard let node = network.node(named: name), node.operation.traits.contains(.isTrainingOnly)
    else { return name }
    return source(node.inputs[0])
  }

  private func value(of group: [Node]) -> Value {
    let node = group[0], last = group[group.count - 1]
    let sum = group.dropFirst().first { if case .add = $0.operation { true } else { false } }
    let clamp = group.count > 1 ? last.operation.clamp : nil
    return Formula.of(node.operation).quantized(
      QuantizedGroup(
        reference: self, node: node, name: last.name,
        clamp: clamp ?? -.infinity ... .infinity,
        other: sum?.inputs.map(source).first { $0 != node.name }))
  }
}
