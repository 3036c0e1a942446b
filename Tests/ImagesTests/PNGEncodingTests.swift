import Foundation
import Images
import Testing

@Suite("Encoding PNG files") struct PNGEncodingTests {
  @Test(
    "Gray and RGB images survive encoding and decoding", arguments: [(1, 1), (28, 28), (7, 300)])
  func roundTrip(width: Int, height: Int) throws {
    let noise = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 * $0 * 31 + $0 * 7) }
    let gray = Image(width: width, height: height, gray: Array(noise.prefix(width * height)))
    let rgb = Image(width: width, height: height, rgb: noise)
    #expect(try Image(png: gray.png()) == gray)
    #expect(try Image(png: rgb.png()) == rgb)
  }

  @Test("A file is replaced whole, and nothing is left beside it")
  func file() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("a.png", [1, 2, 3])
    let image = Image(width: 2, height: 2, gray: [0, 1, 2, 255])
    try image.write(pngFile: path)
    #expect(try Image(pngFile: path) == image)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.png"])
  }

  @Test("A place that cannot be written is named, and nothing is left beside it")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let image = Image(width: 1, height: 1, gray: [0])
    let missing = "\(folder.path)/none/a.png"
    #expect(
      throws: ImageError.cannotWrite(path: missing, reason: "No such file or directory")
    ) { try image.write(pngFile: missing) }
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/taken.png", withIntermediateDirectories: false)
    #expect(throws: ImageError.self) { try image.write(pngFile: "\(folder.path)/taken.png") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taken.png"])
  }

  @Test("Alpha and 16 bits are not encoded")
  func refused() {
    let alpha = Image(
      width: 1, height: 1, color: .gray, hasAlpha: true, samples: .bytes([1, 2]))
    let wide = Image(width: 1, height: 1, color: .gray, samples: .words([1]))
    #expect(throws: ImageError.self) { try alpha.png() }
    #expect(throws: ImageError.self) { try wide.png() }
  }
}
