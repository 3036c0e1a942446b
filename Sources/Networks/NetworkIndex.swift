/// What follows from a network's nodes, found once so that every look-up takes constant time.
struct NetworkIndex: Sendable {
  /// The shape of each value, the network's input included.
  private(set) var shapes: [String: TensorShape]
  /// Each node's place.
  private(set) var positions: [String: Int] = [:]
  /// The places of the nodes that read each value, ascending, each once.
  private(set) var readers: [String: [Int]] = [:]

  /// Infers the shapes of nodes that are in topological order.
  init(input: TensorShape, nodes: [Node]) throws {
    shapes = [Network.inputName: input]
    shapes.reserveCapacity(nodes.count + 1)
    positions.reserveCapacity(nodes.count)
    for (position, node) in nodes.enumerated() {
      let inputs = node.inputs.compactMap { shapes[$0] }
      shapes[node.name] = try node.operation.outputShape(of: inputs, node: node.name)
      positions[node.name] = position
      for value in node.inputs where readers[value]?.last != position {
        readers[value, default: []].append(position)
      }
    }
  }
}
