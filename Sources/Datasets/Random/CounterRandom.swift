/// A counter-based random number generator: Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011,
/// "Parallel random numbers: as easy as 1, 2, 3", §3.3).
///
/// The words are a pure function of seed, stream and position, so that any position is reached
/// without replaying, and streams may be used from any thread in any order.
public struct CounterRandom: RandomNumberGenerator, Sendable {
  /// Four 32-bit words.
  public typealias Block = SIMD4<UInt32>

  /// The seed: Philox's key.
  public let seed: UInt64
  /// The stream: the upper half of Philox's counter.
  public let stream: UInt64
  /// The 32-bit word that comes next, from 0; four words are one block.
  public var position: UInt64
  private var block = Block()
  private var blockIndex: UInt64?

  /// A generator.
  ///
  /// - Parameters:
  ///   - seed: Distinguishes runs.
  ///   - stream: Distinguishes uses within a run.
  ///   - position: The first 32-bit word to hand out.
  public init(seed: UInt64, stream: UInt64, position: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
    self.position = position
  }

  /// The next 32-bit word.
  ///
  /// - Returns: Any of 2³² values alike.
  public mutating func nextWord() -> UInt32 {
    let index = position >> 2
    if blockIndex != index {
      let counter = Block(index.low, index.high, stream.low, stream.high)
      block = Self.philox(counter: counter, key: SIMD2(seed.low, seed.high))
      blockIndex = index
    }
    let word = block[Int(position & 3)]
    position &+= 1
    return word
  }

  /// The next 64 bits: two words, the lower half first.
  ///
  /// - Returns: Any of 2⁶⁴ values alike.
  public mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return low | UInt64(nextWord()) << 32
  }

  /// One block of Philox4x32-10.
  ///
  /// - Parameters:
  ///   - counter: 128 bits, the lowest word first.
  ///   - key: 64 bits, the lower word first.
  /// - Returns: 128 random bits.
  public static func philox(counter: Block, key: SIMD2<UInt32>) -> Block {
    var counter = counter
    var key = key
    for _ in 0..<10 {
      let first = UInt64(0xD251_1F53) * UInt64(counter[0])
      let second = UInt64(0xCD9E_8D57) * UInt64(counter[2])
      counter = Block(
        second.high ^ counter[1] ^ key[0], second.low, first.high ^ counter[3] ^ key[1], first.low)
      key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return counter
  }
}

extension UInt64 {
  fileprivate var low: UInt32 { UInt32(truncatingIfNeeded: self) }
  fileprivate var high: UInt32 { UInt32(truncatingIfNeeded: self >> 32) }
}
