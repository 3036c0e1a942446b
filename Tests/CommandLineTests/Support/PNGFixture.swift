import Foundation

/// Small PNG files, made without a library: gray, 8 bits, stored and not compressed.
enum PNGFixture {
  /// A picture of a size; another seed gives other pixels.
  static func gray(width: Int = 28, height: Int = 28, seed: UInt8 = 1) -> Data {
    var rows = Data()
    for y in 0..<height {
      rows.append(0)
      for x in 0..<width {
        rows.append(UInt8(truncatingIfNeeded: x &* 7 &+ y &* 13 &+ Int(seed) &* 31))
      }
    }
    var header = Data(bigEndian(UInt32(width)) + bigEndian(UInt32(height)))
    header.append(contentsOf: [8, 0, 0, 0, 0])
    return Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
      + chunk("IHDR", header) + chunk("IDAT", stored(rows)) + chunk("IEND", Data())
  }

  /// RFC 1950 and 1951: one stored block, so at most 65,535 bytes.
  private static func stored(_ bytes: Data) -> Data {
    let length = UInt16(bytes.count)
    let header: [UInt8] = [
      0x78, 0x01, 0x01, UInt8(length & 0xFF), UInt8(length >> 8), UInt8(~length & 0xFF),
      UInt8(~length >> 8),
    ]
    var (a, b) = (UInt32(1), UInt32(0))
    for byte in bytes {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return Data(header) + bytes + Data(bigEndian(b << 16 | a))
  }

  private static func chunk(_ type: String, _ body: Data) -> Data {
    let content = Data(type.utf8) + body
    return Data(bigEndian(UInt32(body.count))) + content + Data(bigEndian(crc(content)))
  }

  /// ISO 3309, as PNG's annex D has it.
  private static func crc(_ bytes: Data) -> UInt32 {
    var value = ~UInt32(0)
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}
