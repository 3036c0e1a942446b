import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Lowering {
  /// Hyperbolic tangent.
  mutating func lowerTanh(_ node: Node) {
    append(
      node,
      Lowered.Elementwise(
        name: "tanh", kernel: { if case .tanh(let run) = $0 { run } else { nil } },
        value: { Float(tanh(Double($0))) }))
  }
}
