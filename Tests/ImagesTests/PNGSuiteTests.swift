import Foundation
import Images
import Testing

/// Willem van Schaik's PngSuite, which is not part of this repository.
enum PNGSuiteFolder {
  static let path: String? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let candidates: [String?] = [
      ProcessInfo.processInfo.environment["PNGSUITE"],
      root.appendingPathComponent("../shared/pngsuite").standardized.path,
    ]
    return candidates.compactMap(\.self).first { FileManager.default.fileExists(atPath: $0) }
  }()

  static let valid: [PNGSuiteTests.Golden] = {
    struct File: Decodable { let files: [PNGSuiteTests.Golden] }
    return (try? Fixtures.decoded(File.self, "pngsuite.json").files) ?? []
  }()

  static let corrupt: [String] = {
    guard let path, let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      return []
    }
    return names.filter { $0.hasPrefix("x") }.sorted()
  }()
}

@Suite(
  "PngSuite",
  .enabled(
    if: PNGSuiteFolder.path != nil,
    "PngSuite is neither at ../shared/pngsuite nor where PNGSUITE says"))
struct PNGSuiteTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let width, height: Int
    let form, digest: String
    var testDescription: String { name }
  }

  @Test("All 176 files are there")
  func complete() {
    #expect(PNGSuiteFolder.valid.count == 162)
    #expect(PNGSuiteFolder.corrupt.count == 14)
  }

  @Test("Every valid file decodes as Pillow decodes it", arguments: PNGSuiteFolder.valid)
  func valid(golden: Golden) throws {
    let folder = try #require(PNGSuiteFolder.path)
    let image = try Image(pngFile: "\(folder)/\(golden.name)")
    #expect(image.width == golden.width && image.height == golden.height)
    let bytes = try #require(pillowBytes(of: image, form: golden.form))
    #expect(fnv(bytes) == golden.digest)
  }

  @Test("Every corrupt file is refused with its chunk or byte", arguments: PNGSuiteFolder.corrupt)
  func corrupt(name: String) throws {
    let folder = try #require(PNGSuiteFolder.path)
    let error = #expect(throws: ImageError.self) { try Image(pngFile: "\(folder)/\(name)") }
    let text = try #require(error).description
    #expect(text.contains(name))
    #expect(text.contains("chunk ") || text.contains("byte "))
    #expect(!text.contains("\n"))
  }

  // Pillow keeps the high byte of 16-bit samples, but for gray alone, and leaves the alpha of a
  // transparent gray or RGB colour out.
  private func pillowBytes(of image: Image, form: String) -> [UInt8]? {
    let kept = ["gray8": 1, "gray16": 1, "gray-alpha8": 2, "rgb8": 3, "rgba8": 4][form]
    guard let kept, image.samplesPerPixel >= kept else { return nil }
    let shift = image.bitDepth == 16 ? 8 : 0
    var bytes: [UInt8] = []
    for (position, value) in image.values.enumerated()
    where position % image.samplesPerPixel < kept {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
      if form == "gray16" { bytes.append(UInt8(truncatingIfNeeded: value)) }
    }
    return bytes
  }

  private func fnv(_ bytes: [UInt8]) -> String {
    let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    let text = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
