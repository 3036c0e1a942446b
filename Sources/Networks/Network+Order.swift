extension Network {
  /// The nodes, each after all that it reads; otherwise in the order given.
  static func topologicalOrder(_ nodes: [Node]) throws -> [Node] {
    guard (1...Limits.nodes).contains(nodes.count) else {
      throw NetworkError.nodeCount(found: nodes.count, limit: Limits.nodes)
    }
    var known: Set<String> = [inputName]
    for node in nodes {
      try checkName(node.name)
      guard known.insert(node.name).inserted else { throw NetworkError.duplicateName(node.name) }
    }
    for node in nodes {
      for input in node.inputs where !known.contains(input) {
        throw NetworkError.unknownInput(node: node.name, input: input)
      }
    }
    return try sorted(nodes)
  }

  /// Depth-first post-order, with a stack of its own so that no chain of nodes is too long.
  private static func sorted(_ nodes: [Node]) throws -> [Node] {
    enum Mark { case open, placed }
    let position = Dictionary(
      uniqueKeysWithValues: nodes.enumerated().map { ($0.element.name, $0.offset) })
    var marks: [Int: Mark] = [:]
    var ordered: [Node] = []
    for start in nodes.indices {
      var stack = [start]
      while let index = stack.last {
        if marks[index] == nil {
          marks[index] = .open
          for input in nodes[index].inputs.reversed() {
            guard let next = position[input], marks[next] != .placed else { continue }
            guard marks[next] == nil else { throw NetworkError.cycle(node: nodes[next].name) }
            stack.append(next)
          }
        } else {
          stack.removeLast()
          if marks.updateValue(.placed, forKey: index) != .placed { ordered.append(nodes[index]) }
        }
      }
    }
    return ordered
  }

  private static func checkName(_ name: String) throws {
    let allowed =
      (1...200).contains(name.utf8.count) && name != inputName && name != "." && name != ".."
      && !name.unicodeScalars.contains { $0 == "/" || $0.value < 0x20 || $0.value == 0x7F }
    guard allowed else { throw NetworkError.invalidName(name) }
  }
}
