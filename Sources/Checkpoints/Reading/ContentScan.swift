import CXXHash

/// One pass over a file's content: the seal's hash, and which stretches hold a 32-bit word that,
/// read as a float, is NaN or infinite.
///
/// Both read each stretch while it is in the cache, so the search costs next to nothing; a tensor of
/// floats is searched again only where one of its stretches is marked.
struct ContentScan {
  /// The bytes hashed and searched at a time.
  private static let stretch = 1 << 16

  /// XXH3-128 of the content, as `xxh128sum` prints it.
  let digest: String
  private let marked: [Bool]

  /// Hashes and searches all behind the user block.
  ///
  /// - Parameter bytes: The file, longer than the user block.
  init(of bytes: UnsafeRawBufferPointer) {
    let content = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(Seal.blockSize))
    let state = XXH3_createState()
    defer { XXH3_freeState(state) }
    XXH3_128bits_reset(state)
    var marked: [Bool] = []
    marked.reserveCapacity(content.count / Self.stretch + 1)
    var offset = 0
    while offset < content.count {
      let end = min(offset + Self.stretch, content.count)
      let part = UnsafeRawBufferPointer(rebasing: content[offset..<end])
      xxhash_3_128_update(state, part.baseAddress, part.count)
      marked.append(part.holdsNonFinite)
      offset = end
    }
    digest = Checksum.hex(XXH3_128bits_digest(state))
    self.marked = marked
  }

  /// Whether some bytes may hold a float that is not finite.
  ///
  /// - Parameter range: Offsets in the file, behind the user block, from a multiple of four on.
  /// - Returns: Whether a stretch that they touch is marked.
  func mayHoldNonFinite(_ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return false }
    let first = (range.lowerBound - Seal.blockSize) / Self.stretch
    let last = (range.upperBound - 1 - Seal.blockSize) / Self.stretch
    return marked[first...last].contains(true)
  }
}

extension UnsafeRawBufferPointer {
  /// Whether a whole little-endian 32-bit word, counted from the start, has a float's exponent of
  /// ones: NaN or infinity.
  ///
  /// Adding one to the exponent of the magnitude sets the sign bit just then, so the loop needs no
  /// comparison.
  var holdsNonFinite: Bool {
    var position = 0
    var wide = SIMD16<UInt32>(repeating: 0)
    while position &+ 64 <= count {
      let words = loadUnaligned(fromByteOffset: position, as: SIMD16<UInt32>.self)
      wide |= (words & 0x7FFF_FFFF) &+ 0x0080_0000
      position &+= 64
    }
    var found = (0..<16).reduce(UInt32(0)) { $0 | wide[$1] }
    while position &+ 4 <= count {
      let word = loadUnaligned(fromByteOffset: position, as: UInt32.self)
      found |= (word & 0x7FFF_FFFF) &+ 0x0080_0000
      position &+= 4
    }
    return found >> 31 == 1
  }
}
