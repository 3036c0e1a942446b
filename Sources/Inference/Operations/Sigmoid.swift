import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Lowering {
  /// `1 / (1 + e⁻ˣ)`.
  mutating func lowerSigmoid(_ node: Node) {
    append(
      node,
      Lowered.Elementwise(
        name: "sigmoid", kernel: { if case .sigmoid(let run) = $0 { run } else { nil } },
        value: { Float(1 / (1 + exp(-Double($0)))) }))
  }
}
