import CXXHash
import Dispatch
import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One pass over a file's content: the seal's hash, and which stretches hold a 32-bit word that,
/// read as a float, is NaN or infinite.
///
/// Both read each stretch while it is in the cache, so the search costs next to nothing; a tensor of
/// floats is searched again only where one of its stretches is marked.
struct ContentScan {
  /// XXH3-128 of the content, as `xxh128sum` prints it.
  let digest: String
  private let marked: [Bool]

  /// Bytes that are brought in at a time, a multiple of any page's size.
  private static let window = 1 << 23

  /// Hashes and searches all behind the user block.
  ///
  /// - Parameters:
  ///   - mapping: The file, longer than the user block.
  ///   - threads: With more than one, another thread brings pages in meanwhile.
  init(of mapping: FileMapping, threads: Int = 1) {
    let pass = mapping.withBytes { bytes in
      let pass = Pass(bytes)
      Self.run(pass, over: mapping, threads: threads, isSparing: bytes.mayHoldOptimizer)
      return (pass.digest, pass.marked)
    }
    (digest, marked) = pass
  }

  private static func run(
    _ pass: Pass, over mapping: FileMapping, threads: Int, isSparing: Bool
  ) {
    let size = mapping.byteCount
    let windows = stride(from: 0, to: size, by: window).map { $0..<min($0 + window, size) }
    if isSparing {
      for window in windows {
        mapping.populate(window)
        pass.advance(to: window.upperBound)
        mapping.release(window)
      }
    } else if threads > 1 {
      // Bringing pages in takes longer than hashing them: both threads do, from both ends.
      DispatchQueue.concurrentPerform(iterations: 2) { part in
        if part == 0 {
          windows.reversed().forEach(mapping.populate)
        } else {
          for window in windows {
            mapping.populate(window)
            pass.advance(to: window.upperBound)
          }
        }
      }
    } else {
      mapping.populate(0..<size)
      pass.advance(to: size)
    }
  }

  /// Whether some bytes may hold a float that is not finite.
  ///
  /// - Parameter range: Offsets in the file, behind the user block, from a multiple of four on.
  /// - Returns: Whether a stretch that they touch is marked.
  func mayHoldNonFinite(_ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return false }
    let first = range.lowerBound / Pass.stretch
    let last = (range.upperBound - 1) / Pass.stretch
    return marked[first...last].contains(true)
  }
}

/// Where the pass stands. Only one thread at a time advances it.
private final class Pass: @unchecked Sendable {
  /// The bytes hashed and searched at a time.
  static let stretch = 1 << 16

  private(set) var marked: [Bool] = []
  private let bytes: UnsafeRawBufferPointer
  private let state = XXH3_createState()
  private var offset = Seal.blockSize

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    marked.reserveCapacity(bytes.count / Self.stretch + 1)
    XXH3_128bits_reset(state)
  }

  deinit { XXH3_freeState(state) }

  var digest: String { Checksum.hex(XXH3_128bits_digest(state)) }

  /// Hashes and searches up to the end of a window. Stretches end where windows do: one that reached
  /// over would bring pages back that were let go, and with them all of a large page of the cache.
  func advance(to limit: Int) {
    while offset < limit {
      let end = min((offset / Self.stretch + 1) * Self.stretch, limit)
      let part = UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
      xxhash_3_128_update(state, part.baseAddress, part.count)
      marked.append(part.holdsNonFinite)
      offset = end
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the file looks as if it held an optimiser's tensors, which classifying does not read: only
  /// what is hashed stays in memory then for as long as it is needed. A guess by names near the start,
  /// where our files have theirs, before anything is checked: it decides on nothing else.
  fileprivate var mayHoldOptimizer: Bool {
    // In `weight.momentum` a point stands behind the role's name; the weights themselves have none.
    let mark = Array("weight".utf8)
    var rest = UnsafeRawBufferPointer(rebasing: prefix(1 << 20))
    while let first = rest.baseAddress, let point = memchr(first, 0x2E, rest.count) {
      let position = UnsafeRawPointer(point) - first
      if rest.prefix(position).suffix(mark.count).elementsEqual(mark) { return true }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(position + 1))
    }
    return false
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
