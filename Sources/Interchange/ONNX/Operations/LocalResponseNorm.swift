import Networks

extension ONNXGraphBuilder {
  mutating func addLocalResponseNorm(
    _ attributes: NodeOperation.LocalResponseNorm, _ node: NodeExport
  ) {
    add(
      "LRN", node,
      [
        ("size", .integer(attributes.size)), ("alpha", .float(attributes.alpha)),
        ("beta", .float(attributes.beta)), ("bias", .float(attributes.k)),
      ])
  }
}
