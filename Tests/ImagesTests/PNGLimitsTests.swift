import Images
import Testing

@Suite("Limits of PNG files") struct PNGLimitsTests {
  // Header and the start of the pixels only: that the size is the complaint, and not that the file
  // ends, shows that it is checked before pixels are read or room is made for them.
  private func start(width: UInt32, height: UInt32, depth: UInt8 = 1) -> [UInt8] {
    PNGBytes.signature + PNGBytes.header(width: width, height: height, depth: depth, color: 0)
      + [0, 0, 0, 100] + Array("IDAT".utf8)
  }

  @Test(
    "An image beyond the limits is refused before its pixels are read",
    arguments: [
      (60_000, 60_000), (2_000_000_000, 2_000_000_000), (1_000_001, 1), (1, 1_000_001),
      (8193, 8192),
    ] as [(UInt32, UInt32)])
  func tooLarge(width: UInt32, height: UInt32) throws {
    let error = #expect(throws: ImageError.self) {
      try Image(png: start(width: width, height: height))
    }
    #expect(
      error
        == .tooLarge(
          source: "PNG in memory", width: Int(width), height: Int(height), limits: ImageLimits()))
  }

  @Test("An image at the limit is not refused for its size")
  func atLimit() throws {
    let error = #expect(throws: ImageError.self) {
      try Image(png: start(width: 8192, height: 8192))
    }
    guard case .truncated? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A side of more than 2³¹ − 1 pixels, or of none, is no PNG", arguments: [0, 1 << 31])
  func impossibleSide(width: UInt32) {
    let error = #expect(throws: ImageError.self) { try Image(png: start(width: width, height: 1)) }
    #expect(error?.description.contains("IHDR") == true)
  }

  @Test("The caller may ask for fewer pixels")
  func fewerPixels() throws {
    let bytes = try Fixtures.bytes("png/gray-8.png")
    #expect(throws: Never.self) { try Image(png: bytes, limits: ImageLimits(maxPixels: 99)) }
    #expect(throws: ImageError.self) { try Image(png: bytes, limits: ImageLimits(maxPixels: 98)) }
    #expect(throws: ImageError.self) { try Image(png: bytes, limits: ImageLimits(maxSide: 10)) }
  }

  @Test("The caller may ask for fewer bytes")
  func fewerBytes() throws {
    let bytes = try Fixtures.bytes("png/gray-8.png")
    let enough = ImageLimits(maxBytes: bytes.count)
    #expect(throws: Never.self) { try Image(png: bytes, limits: enough) }
    let error = #expect(throws: ImageError.self) {
      try Image(png: bytes, limits: ImageLimits(maxBytes: bytes.count - 1))
    }
    #expect(error == .tooLong(source: "PNG in memory", limit: bytes.count - 1))
  }

  @Test(
    "Text and profiles that inflate beyond measure are refused",
    arguments: ["ztxt", "iccp", "itxt"])
  func bomb(name: String) throws {
    let bytes = try Fixtures.bytes("png/bomb-\(name).png")
    let error = #expect(throws: ImageError.self) { try Image(png: bytes) }
    let text = try #require(error).description
    #expect(text.contains("inflates") && text.lowercased().contains("chunk \(name)"))
  }

  @Test("A chunk that the image does not need is skipped, however long")
  func longChunk() throws {
    let bytes = try Fixtures.bytes("png/gray-8.png")
    let chunk = PNGBytes.chunk("tEXt", Array(repeating: 65, count: 33 << 20))
    #expect(try Image(png: bytes[..<33] + chunk + bytes[33...]) == Image(png: bytes))
    let endless = PNGBytes.bigEndian(0x7FFF_FFFF) + Array("tEXt".utf8)
    let error = #expect(throws: ImageError.self) { try Image(png: bytes[..<33] + endless) }
    #expect(error == .truncated(source: "PNG in memory", chunk: "tEXt", offset: 41))
  }
}
