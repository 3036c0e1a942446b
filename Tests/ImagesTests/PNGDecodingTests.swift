import Foundation
import Images
import Testing

@Suite("Decoding PNG files") struct PNGDecodingTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let width, height, channels, depth: Int
    let samples: [Int]
    var testDescription: String { name }

    static let all: [Golden] = {
      struct File: Decodable { let files: [Golden] }
      return (try? Fixtures.decoded(File.self, "png.json").files) ?? []
    }()
  }

  @Test("The fixtures cover every colour type, depth, interlacing and transparency")
  func fixturesAreComplete() {
    // 15 combinations of colour type and depth, 11 of which can have tRNS, each twice.
    #expect(Golden.all.count == 52)
  }

  @Test("Every colour type and depth gives the samples that were written", arguments: Golden.all)
  func samples(golden: Golden) throws {
    let image = try Image(pngFile: Fixtures.url("png/\(golden.name)").path)
    #expect(image.width == golden.width)
    #expect(image.height == golden.height)
    #expect(image.samplesPerPixel == golden.channels)
    #expect(image.bitDepth == golden.depth)
    #expect(image.values == golden.samples)
  }

  @Test("The header alone says what decoding would give", arguments: Golden.all)
  func header(golden: Golden) throws {
    let path = try Fixtures.url("png/\(golden.name)").path
    let image = try Image(pngFile: path)
    let header = try PNGHeader(pngFile: path)
    #expect(header.width == image.width && header.height == image.height)
    #expect(header.color == image.color && header.hasAlpha == image.hasAlpha)
    #expect(header.bitDepth == image.bitDepth)
  }

  @Test("Memory and file give the same image", arguments: Golden.all)
  func memory(golden: Golden) throws {
    let name = "png/\(golden.name)"
    let fromMemory = try Image(png: Fixtures.bytes(name))
    #expect(try fromMemory == Image(pngFile: Fixtures.url(name).path))
  }

  @Test(
    "A file cut off at any byte is refused as truncated",
    arguments: ["gray-8.png", "rgba-16-adam7.png", "palette-4-trns.png"])
  func truncated(name: String) throws {
    let bytes = try Fixtures.bytes("png/\(name)")
    for length in 1..<bytes.count {
      let error = #expect(throws: ImageError.self) { try Image(png: Array(bytes[..<length])) }
      guard case .truncated(_, _, let offset)? = error else {
        Issue.record("\(length) bytes: \(String(describing: error))")
        continue
      }
      #expect(offset <= length)
    }
  }

  @Test(
    "Any flipped bit is refused",
    arguments: ["gray-1.png", "rgb-8-trns.png", "palette-4-trns-adam7.png"])
  func flippedBit(name: String) throws {
    let bytes = try Fixtures.bytes("png/\(name)")
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: ImageError.self, "bit \(bit)") { try Image(png: damaged) }
    }
  }

  @Test("A wrong checksum is named with its chunk")
  func checksum() throws {
    var bytes = try Fixtures.bytes("png/gray-8.png")
    bytes[29] ^= 1  // the first byte of IHDR's checksum
    let error = #expect(throws: ImageError.self) { try Image(png: bytes, name: "a.png") }
    let text = try #require(error).description
    #expect(text.contains("a.png") && text.contains("IHDR") && text.contains("CRC"))
  }

  @Test("A wrong checksum of a chunk that is not needed is refused too")
  func ancillaryChecksum() throws {
    let bytes = try Fixtures.bytes("png/gray-8.png")
    var text = PNGBytes.chunk("tEXt", Array("Comment\0hello".utf8))
    #expect(throws: Never.self) { try Image(png: Array(bytes[..<33] + text + bytes[33...])) }
    text[text.count - 1] ^= 1
    #expect(throws: ImageError.self) { try Image(png: Array(bytes[..<33] + text + bytes[33...])) }
  }

  @Test("Unknown chunks are skipped unless they are critical")
  func unknownChunks() throws {
    let bytes = try Fixtures.bytes("png/gray-8.png")
    let harmless = PNGBytes.chunk("abCd", [1, 2, 3])
    let critical = PNGBytes.chunk("ABCD", [1, 2, 3])
    #expect(throws: Never.self) { try Image(png: Array(bytes[..<33] + harmless + bytes[33...])) }
    let error = #expect(throws: ImageError.self) {
      try Image(png: Array(bytes[..<33] + critical + bytes[33...]))
    }
    #expect(error?.description.contains("ABCD") == true)
  }
}
