internal import COneDNN
internal import Networks

/// Element-wise sum in the first input's layout; its gradient goes to every input as it is.
final class AddLayer: Layer {
  let output: Memory
  let keepsOutput = false

  init(_ node: Node, inputs: [Memory], in graph: GraphBuilder) throws {
    output = try graph.sum(inputs, node: node.name)
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    needed.map { isNeeded in
      guard isNeeded else { return nil }
      graph.retain(gradient)
      return gradient
    }
  }
}

extension GraphBuilder {
  /// The sum of memories of one shape, in the first one's layout.
  func sum(_ inputs: [Memory], node: String) throws -> Memory {
    let layout = inputs[0].layout
    let copies = try inputs.map { try reordered($0, to: layout, node: node) }
    let output = try memory(layout)
    var target = layout.descriptor
    let sources = copies.map(\.layout.descriptor)
    let scales = [Float](repeating: 1, count: copies.count)
    let descriptor = try PrimitiveDescriptor(node: node, "sum") {
      cnn_sum(
        &$0, engine.handle, engine.attributes, &target, Int32(sources.count), scales, sources)
    }
    let arguments = copies.enumerated().map { (DNNL_ARG_MULTIPLE_SRC + Int32($0), $1) }
    try emit(descriptor, node, "sum", arguments + [(DNNL_ARG_DST, output)])
    releaseTemporaries(copies, unless: inputs)
    return output
  }
}
