/// Where every value lies: in a slice of the concat that reads it, in the memory of the in-place
/// operation that reads it, or in a buffer of its own, whose place in the arena depends on when it
/// is live.
struct Placement {
  /// The graph with the copies that placement needed, and without its concats.
  private(set) var graph: FusedGraph
  private(set) var arena: ArenaPlan
  private var parents: [FusedGraph.ValueID: (value: FusedGraph.ValueID, offset: Int)] = [:]
  private var bufferOf: [FusedGraph.ValueID: Int] = [:]

  /// Values that live until the end of a run.
  private let kept: Set<FusedGraph.ValueID>

  /// - Parameters:
  ///   - graph: The fused graph.
  ///   - kept: Values that nothing may overwrite.
  init(_ graph: FusedGraph, keeping kept: Set<FusedGraph.ValueID> = []) {
    self.graph = graph
    self.kept = kept
    arena = ArenaPlan([])
    placeConcats()
    placeInPlace()
    placeOutput()
    self.graph.nodes.removeAll { if case .concat = $0.operation { true } else { false } }
    planArena()
  }

  /// The memory of a value.
  func location(of value: FusedGraph.ValueID) -> Location {
    let (root, offset) = root(of: value)
    let size = graph.values[root].size
    if root == FusedGraph.input { return Location(space: .input, offset: 0, imageStride: size) }
    guard let buffer = bufferOf[root] else {
      return Location(space: .output, offset: offset, imageStride: size)
    }
    return Location(
      space: .arena, offset: arena.offsets[buffer] + offset, imageStride: arena.stride)
  }

  private func root(of value: FusedGraph.ValueID) -> (FusedGraph.ValueID, offset: Int) {
    var value = value, offset = 0
    while let parent = parents[value] {
      value = parent.value
      offset += parent.offset
    }
    return (value, offset)
  }

  /// Lets each input of a concat be computed in its slice; one that has a place already is copied.
  private mutating func placeConcats() {
    var nodes: [FusedGraph.Node] = []
    for var node in graph.nodes {
      if case .concat = node.operation {
        var offset = 0
        for (index, input) in node.inputs.enumerated() {
          var source = input
          if input == FusedGraph.input || parents[input] != nil {
            source = graph.makeCopy(of: input)
            nodes.append(copy("\(node.name).copy\(index + 1)", from: input, to: source))
            node.inputs[index] = source
          }
          parents[source] = (node.output, offset)
          offset += graph.values[input].size
        }
      }
      nodes.append(node)
    }
    graph.nodes = nodes
  }

  private func copy(
    _ name: String, from source: FusedGraph.ValueID, to target: FusedGraph.ValueID
  ) -> FusedGraph.Node {
    FusedGraph.Node(name: name, operation: .copy, inputs: [source], output: target)
  }

  /// An in-place operation's input takes the output's memory if nobody else reads it, and if it is
  /// no concat, whose slices others may read.
  private mutating func placeInPlace() {
    var whole: Set<FusedGraph.ValueID> = []
    for node in graph.nodes {
      if case .concat = node.operation { continue }
      whole.insert(node.output)
    }
    for node in graph.nodes where node.operation.worksInPlace {
      let input = node.inputs[0]
      guard whole.contains(input), graph.values[input].uses == 1, parents[input] == nil else {
        continue
      }
      parents[input] = (node.output, 0)
    }
  }

  /// The output is the caller's memory; a value that has a place elsewhere is copied there.
  private mutating func placeOutput() {
    guard graph.output == FusedGraph.input || parents[graph.output] != nil else { return }
    let source = graph.output
    graph.output = graph.makeCopy(of: source)
    graph.nodes.append(copy("output", from: source, to: graph.output))
  }

  private mutating func planArena() {
    var lifetimes: [FusedGraph.ValueID: ClosedRange<Int>] = [:]
    for (step, node) in graph.nodes.enumerated() {
      for value in node.inputs + [node.output] {
        let root = root(of: value).0
        guard root != FusedGraph.input, root != graph.output else { continue }
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
        lifetimes[root].map { ArenaPlan.Buffer(elements: graph.values[root].size, lifetime: $0) }
      })
  }
}
