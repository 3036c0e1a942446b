import CXXHash

/// The seal in a checkpoint's user block: `cnn-checkpoint 1`, the number of bytes behind it, and
/// their XXH3-128, each on a line of its own, filled up with zeros.
package struct Seal: Equatable {
  /// The length of the user block.
  package static let blockSize = 512
  /// What a sealed file starts with, the version of the seal behind it.
  package static let magic = "cnn-checkpoint "
  /// The version of the seal that this program writes and reads.
  static let version = "1"

  /// The number of bytes from `blockSize` to the file's end.
  package let byteCount: Int
  /// Their XXH3-128, 32 hexadecimal digits as `xxh128sum` prints them.
  package let digest: String

  /// A seal of content.
  package init(byteCount: Int, digest: String) {
    self.byteCount = byteCount
    self.digest = digest
  }

  /// The whole user block.
  package var block: [UInt8] {
    let text = Array("\(Self.magic)\(Self.version)\n\(byteCount)\n\(digest)\n".utf8)
    return text + [UInt8](repeating: 0, count: Self.blockSize - text.count)
  }
}

extension Seal {
  /// Reads the seal at the start of a file.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - path: Its path, for messages.
  /// - Throws: `CheckpointError` that says what the file is instead.
  package init(of bytes: UnsafeRawBufferPointer, path: String) throws {
    guard bytes.starts(with: Self.magic.utf8) else {
      let signature = ForeignFormat.hdf5
      for offset in [0, 512, 1024, 2048] where bytes.dropFirst(offset).starts(with: signature) {
        throw CheckpointError.noSeal(path: path)
      }
      throw CheckpointError.notCheckpoint(path: path, found: ForeignFormat.describe(bytes))
    }
    let lines = bytes.prefix(Self.blockSize).split(
      separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false
    ).map { String(decoding: $0, as: UTF8.self) }
    let version = lines[0].dropFirst(Self.magic.count)
    guard version == Self.version else {
      throw CheckpointError.invalidSeal(
        path: path, detail: "version \(version.prefix(20).debugDescription) of the seal is not 1")
    }
    guard lines.count == 4, lines[1].utf8.count < 20, let byteCount = Int(lines[1]), byteCount >= 0
    else {
      throw CheckpointError.invalidSeal(path: path, detail: "it is cut off or names no length")
    }
    let isDigest = lines[2].utf8.count == 32 && lines[2].allSatisfy { $0.isHexDigit }
    guard isDigest else {
      throw CheckpointError.invalidSeal(path: path, detail: "its hash is not 32 digits")
    }
    self.init(byteCount: byteCount, digest: lines[2])
    // Every byte of the block counts: what the seal would not be written as is damage.
    guard bytes.count < Self.blockSize || bytes.prefix(Self.blockSize).elementsEqual(block) else {
      throw CheckpointError.invalidSeal(path: path, detail: "its block is damaged")
    }
  }

  /// Compares the length with the file's.
  ///
  /// - Parameters:
  ///   - fileSize: The file's bytes.
  ///   - path: Its path, for messages.
  /// - Throws: `CheckpointError.wrongLength`.
  func checkLength(fileSize: Int, path: String) throws {
    let (expected, overflow) = byteCount.addingReportingOverflow(Self.blockSize)
    guard !overflow, expected == fileSize else {
      throw CheckpointError.wrongLength(
        path: path, expected: overflow ? Int.max : expected, found: fileSize)
    }
  }
}

/// XXH3 as text.
package enum Checksum {
  /// XXH3-128 in 32 hexadecimal digits.
  static func hex(_ hash: XXH128_hash_t) -> String { hex(hash.high64) + hex(hash.low64) }

  /// XXH3-128 of bytes in 32 hexadecimal digits.
  package static func xxh3Wide(_ bytes: UnsafeRawBufferPointer) -> String {
    hex(xxhash_3_128(bytes.baseAddress, bytes.count))
  }

  /// XXH3-64 of bytes in 16 hexadecimal digits.
  package static func xxh3(_ bytes: UnsafeRawBufferPointer) -> String {
    hex(xxhash_3_64(bytes.baseAddress, bytes.count))
  }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
