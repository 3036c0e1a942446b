internal import COneDNN

extension GraphBuilder {
  /// Products of as many matrices as the first axis has: `left · right` into `target`, or added to it.
  func product(
    _ left: Memory, _ right: Memory, into target: Memory, accumulates: Bool = false, node: String
  ) throws -> Primitive {
    let attributes = try Engine.attributes(accumulates: accumulates)
    defer { dnnl_primitive_attr_destroy(attributes) }
    var (a, b) = (left.layout.descriptor, right.layout.descriptor)
    var c = target.layout.descriptor
    let descriptor = try PrimitiveDescriptor(node: node, "matrix product") {
      cnn_matmul(&$0, engine.handle, attributes, &a, &b, &c)
    }
    return try Primitive(
      descriptor, node: node, scratchpad: scratchpad,
      [(DNNL_ARG_SRC, left), (DNNL_ARG_WEIGHTS, right), (DNNL_ARG_DST, target)])
  }
}
