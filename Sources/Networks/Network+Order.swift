extension Network {
  /// The nodes, each after all that it reads; otherwise in the order given.
  static func topologicalOrder(_ nodes: [Node]) throws -> [Node] {
    guard (1...Limits.nodes).contains(nodes.count) else {
      throw NetworkError.nodeCount(found: nodes.count, limit: Limits.nodes)
    }
    var positions: [String: Int] = [:]
    positions.reserveCapacity(nodes.count)
    for (position, node) in nodes.enumerated() {
      try checkName(node.name)
      guard positions.updateValue(position, forKey: node.name) == nil else {
        throw NetworkError.duplicateName(node.name)
      }
    }
    let predecessors = try nodes.map { node in
      try node.inputs.compactMap { input -> Int? in
        if input == inputName { return nil }
        guard let position = positions[input] else {
          throw NetworkError.unknownInput(node: node.name, input: input)
        }
        return position
      }
    }
    return try sorted(nodes, predecessors)
  }

  /// Depth-first post-order, with a stack of its own so that no chain of nodes is too long; linear
  /// in nodes and edges.
  private static func sorted(_ nodes: [Node], _ predecessors: [[Int]]) throws -> [Node] {
    enum Mark { case unseen, open, placed }
    var marks = Array(repeating: Mark.unseen, count: nodes.count)
    var ordered: [Node] = []
    ordered.reserveCapacity(nodes.count)
    for start in nodes.indices {
      var stack = [start]
      while let position = stack.last {
        switch marks[position] {
        case .unseen:
          marks[position] = .open
          for next in predecessors[position].reversed() where marks[next] != .placed {
            guard marks[next] == .unseen else { throw NetworkError.cycle(node: nodes[next].name) }
            stack.append(next)
          }
        case .open:
          marks[position] = .placed
          ordered.append(nodes[position])
          stack.removeLast()
        case .placed:
          stack.removeLast()
        }
      }
    }
    return ordered
  }

  private static func checkName(_ name: String) throws {
    let allowed =
      name.isPrintable(upTo: Limits.nameBytes) && name != inputName && name != "." && name != ".."
      && !name.utf8.contains(UInt8(ascii: "/"))
    guard allowed else { throw NetworkError.invalidName(name) }
  }
}
