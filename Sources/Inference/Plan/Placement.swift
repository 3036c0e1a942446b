/// Where every value lies: in a slice of the concat that reads it, in the memory of the in-place
/// operation that reads it, or in a buffer of its own, whose place in the arena depends on when it
/// is live.
struct Placement {
  /// The graph with the copies that placement needed, and without its concats.
  private(set) var graph: LoweredGraph
  private(set) var arena: ArenaPlan
  private var parents: [LoweredGraph.ValueID: (value: LoweredGraph.ValueID, offset: Int)] = [:]
  private var bufferOf: [LoweredGraph.ValueID: Int] = [:]

  /// Values that live until the end of a run.
  private let kept: Set<LoweredGraph.ValueID>

  /// - Parameters:
  ///   - graph: The lowered graph.
  ///   - kept: Values that nothing may overwrite.
  init(_ graph: LoweredGraph, keeping kept: Set<LoweredGraph.ValueID> = []) {
    self.graph = graph
    self.kept = kept
    arena = ArenaPlan([])
    placeConcats()
    placeInPlace()
    placeOutput()
    self.graph.nodes.removeAll { $0.operation.isConcat }
    planArena()
  }

  /// The memory of a value.
  func location(of value: LoweredGraph.ValueID) -> Location {
    let (root, offset) = root(of: value)
    let size = graph.values[root].byteCount
    if root == LoweredGraph.input { return .input(of: graph.values[root].shape) }
    guard let buffer = bufferOf[root] else {
      return Location(space: .output, offset: offset, imageStride: size)
    }
    return Location(
      space: .arena, offset: arena.offsets[buffer] + offset, imageStride: arena.stride)
  }

  private func root(of value: LoweredGraph.ValueID) -> (LoweredGraph.ValueID, offset: Int) {
    var value = value, offset = 0
    while let parent = parents[value] {
      value = parent.value
      offset += parent.offset
    }
    return (value, offset)
  }

  /// Lets each input of a concat be computed in its slice; one that has a place already is copied.
  private mutating func placeConcats() {
    var nodes: [LoweredGraph.Node] = []
    for var node in graph.nodes {
      if node.operation.isConcat {
        var offset = 0
        for (index, input) in node.inputs.enumerated() {
          var source = input
          if input == LoweredGraph.input || parents[input] != nil {
            source = graph.makeCopy(of: input)
            nodes.append(copy("\(node.name).copy\(index + 1)", from: input, to: source))
            node.inputs[index] = source
          }
          parents[source] = (node.output, offset)
          offset += graph.values[input].byteCount
        }
      }
      nodes.append(node)
    }
    graph.nodes = nodes
  }

  private func copy(
    _ name: String, from source: LoweredGraph.ValueID, to target: LoweredGraph.ValueID
  ) -> LoweredGraph.Node {
    LoweredGraph.Node(name: name, operation: Lowered.Copy(), inputs: [source], output: target)
  }

  /// An in-place operation's input takes the output's memory if nobody else reads it, and if it is
  /// no concat, whose slices others may read.
  private mutating func placeInPlace() {
    var whole: Set<LoweredGraph.ValueID> = []
    for node in graph.nodes {
      if !node.operation.isConcat { whole.insert(node.output) }
    }
    for node in graph.nodes where node.operation.mayRunInPlace {
      let input = node.inputs[0]
      guard whole.contains(input), graph.values[input].uses == 1, parents[input] == nil else {
        continue
      }
      parents[input] = (node.output, 0)
    }
  }

  /// The output is the caller's memory; a value that has a place elsewhere is copied there.
  private mutating func placeOutput() {
    guard graph.output == LoweredGraph.input || parents[graph.output] != nil else { return }
    let source = graph.output
    graph.output = graph.makeCopy(of: source)
    graph.nodes.append(copy("output", from: source, to: graph.output))
  }

  private mutating func planArena() {
    var lifetimes: [LoweredGraph.ValueID: ClosedRange<Int>] = [:]
    for (step, node) in graph.nodes.enumerated() {
      for value in node.inputs + [node.output] {
        let root = root(of: value).0
        guard root != LoweredGraph.input, root != graph.output else { continue }
        lifetimes[root] = (lifetimes[root]?.lowerBound ?? step)...step
      }
    }
    for value in kept {
      let root = root(of: value).0
      if let first = lifetimes[root]?.lowerBound {
        lifetimes[root] = first...graph.nodes.count - 1
      }
    }
    let roots = lifetimes.keys.sorted()
    for (index, root) in roots.enumerated() { bufferOf[root] = index }
    arena = ArenaPlan(
      roots.compactMap { root in
        lifetimes[root].map { ArenaPlan.Buffer(bytes: graph.values[root].byteCount, lifetime: $0) }
      })
  }
}
