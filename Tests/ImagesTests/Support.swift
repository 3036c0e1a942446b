import Foundation
import Images
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The committed files of `Fixtures/`.
enum Fixtures {
  static func url(_ name: String) throws -> URL {
    try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
      .appendingPathComponent(name)
  }

  static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }

  static func decoded<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: url(name)))
  }
}

/// A folder that is removed with its last reference.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/images-tests-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
  }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// PNG files made by hand, right or wrong.
enum PNGBytes {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// A chunk with its checksum.
  static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    bigEndian(UInt32(data.count)) + name.utf8 + data + bigEndian(crc(Array(name.utf8) + data))
  }

  static func header(width: UInt32, height: UInt32, depth: UInt8, color: UInt8) -> [UInt8] {
    chunk("IHDR", bigEndian(width) + bigEndian(height) + [depth, color, 0, 0, 0])
  }

  static func bigEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  // CRC-32 bit by bit (PNG specification, annex D).
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
  /// Every sample as stored.
  var values: [Int] {
    switch samples {
    case .bytes(let samples): samples.map(Int.init)
    case .words(let samples): samples.map(Int.init)
    }
  }

  var bitDepth: Int {
    if case .words = samples { 16 } else { 8 }
  }
}
