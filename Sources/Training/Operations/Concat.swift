internal import COneDNN
internal import Networks

/// Concatenation along the channels: blocked where every input's channels fill whole blocks.
final class ConcatLayer: Layer {
  let output: Memory
  let keepsOutput = false
  private let node: Node
  private let layouts: [Layout]

  init(_ node: Node, inputs: [Memory], in graph: GraphBuilder) throws {
    self.node = node
    let extents = graph.extents(of: node.name)
    let first = inputs[0].layout
    let blocked = try Self.layout(like: first, extents)
    var target = try Layout.plain(extents, first.element)
    if let blocked, Self.parts(of: blocked, inputs.map(\.layout.extents)) != nil {
      target = blocked
    }
    output = try graph.memory(target)
    let parts = try unwrap(
      Self.parts(of: target, inputs.map(\.layout.extents)), "submemory", node: node.name)
    layouts = parts
    for (input, part) in zip(inputs, parts) {
      let view = try Memory(part, graph.engine, buffer: output.buffer)
      try graph.reorder(input, into: view, node: node.name)
    }
  }

  /// The first input's order with the result's extents; nil where oneDNN has none such.
  private static func layout(like first: Layout, _ extents: [Int]) throws -> Layout? {
    try first.channelTag.map { try Layout(extents, tag: $0, first.element) }
  }

  /// The slices that the inputs fill; nil where a slice would cut a block.
  private static func parts(of target: Layout, _ inputs: [[Int]]) -> [Layout]? {
    var channel = 0
    var parts: [Layout] = []
    for extents in inputs {
      guard let part = target.part(extents, at: [0, channel, 0, 0]) else { return nil }
      parts.append(part)
      channel += extents[1]
    }
    return parts
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    let incoming = try graph.reordered(gradient, to: output.layout, node: node.name)
    let results = try zip(layouts, needed).map { part, isNeeded -> Memory? in
      guard isNeeded else { return nil }
      let view = try Memory(part, graph.engine, buffer: incoming.buffer)
      let tag = output.layout.channelTag ?? dnnl_nchw
      let result = try graph.memory(Layout(part.extents, tag: tag, output.layout.element))
      try graph.reorder(view, into: result, node: node.name)
      return result
    }
    graph.releaseTemporaries([incoming], unless: [gradient])
    return results
  }
}
