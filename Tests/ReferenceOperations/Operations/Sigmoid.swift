#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Formula {
  static let sigmoid = elementwise(Reference.sigmoid)
}

extension Reference {
  /// `1 / (1 + e⁻ˣ)`.
  package static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
