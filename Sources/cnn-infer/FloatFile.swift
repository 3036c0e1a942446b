#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Little-endian float32 without a header.
enum FloatFile {
  /// The floats of a file; a cut-off last one is left out.
  static func read(_ path: String) throws -> [Float] {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch is CocoaError {
      throw InferError.unreadableFloats(path: path)
    }
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { index in
        let bits = bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        return Float(bitPattern: UInt32(littleEndian: bits))
      }
    }
  }
}
