#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Formula {
  static let hyperbolicTangent = elementwise(Reference.hyperbolicTangent)
}

extension Reference {
  /// `(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)`.
  package static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
}
