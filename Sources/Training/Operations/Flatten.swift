internal import Networks

/// Flatten keeps the memory as it is: a linear layer reads feature maps where they lie, or flattens them
/// itself.
final class FlattenLayer: Layer {
  let output: Memory

  init(input: Memory, in graph: GraphBuilder) {
    output = input
    graph.retain(input)
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    guard needed[0] else { return [nil] }
    graph.retain(gradient)
    return [gradient]
  }
}
