import Foundation
import Images
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder that is removed with its last reference.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/datasets-tests-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
  }

  /// Writes a file, and makes the folders that it is in.
  @discardableResult
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file.path
  }

  /// Makes an empty folder.
  func folder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(path)/\(name)", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// IDX files made by hand.
enum IDXBytes {
  static func file(_ dimensions: [UInt32], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(dimensions.count)]
      + dimensions.flatMap { extent in
        (0..<4).map { UInt8(truncatingIfNeeded: extent >> (24 - 8 * $0)) }
      } + bytes
  }

  /// One gzip member of stored blocks (RFC 1952, RFC 1951 §3.2.4).
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    for start in stride(from: 0, to: max(bytes.count, 1), by: 65_535) {
      let part = bytes[start..<min(start + 65_535, bytes.count)]
      let isLast: UInt8 = start + 65_535 >= bytes.count ? 1 : 0
      member += [isLast] + little(UInt32(part.count), 2) + little(~UInt32(part.count), 2) + part
    }
    return member + little(crc(bytes), 4) + little(UInt32(bytes.count), 4)
  }

  private static func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = (crc >> 1) ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~crc
  }
}

extension Image {
  /// A gray image of one value, as a PNG.
  static func plainPNG(_ value: UInt8, width: Int = 4, height: Int = 4) throws -> [UInt8] {
    try Image(width: width, height: height, gray: Array(repeating: value, count: width * height))
      .png()
  }

  /// The samples of an image of bytes.
  var bytes: [UInt8] {
    if case .bytes(let bytes) = samples { bytes } else { [] }
  }
}
