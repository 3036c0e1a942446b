#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension CounterRandom {
  /// A float of `[0, 1)`, a multiple of 2⁻²⁴; uses one word.
  ///
  /// - Returns: Each multiple alike.
  public mutating func nextUniform() -> Float {
    Float(nextWord() >> 8) * 0x1p-24
  }

  /// A double of `[0, 1)`, a multiple of 2⁻⁵³; uses two words.
  ///
  /// - Returns: Each multiple alike.
  public mutating func nextUniformDouble() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// An integer of `0..<bound`, each alike (Lemire 2019, "Fast random integer generation in an
  /// interval", algorithm 5); uses two words or, rarely, more.
  ///
  /// - Parameter bound: At least 1.
  /// - Returns: From 0 to `bound`, exclusive.
  public mutating func nextInt(below bound: Int) -> Int {
    precondition(bound > 0)
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// A number of the standard normal distribution (Box & Muller 1958); uses four words.
  ///
  /// - Returns: Mean 0, variance 1, at most 8.6 in magnitude.
  public mutating func nextNormal() -> Double {
    let radius = (-2 * log(1 - nextUniformDouble())).squareRoot()
    return radius * cos(2 * .pi * nextUniformDouble())
  }

  /// A random order of `0..<count` (Fisher & Yates; Knuth, TAOCP 2, §3.4.2, algorithm P).
  ///
  /// - Parameter count: The number of elements.
  /// - Returns: Each order alike, as far as 64 bits of seed go.
  public mutating func nextPermutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, nextInt(below: last + 1))
    }
    return order
  }
}
