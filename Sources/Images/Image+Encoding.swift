import CPNGShim
import Files

extension Image {
  /// Encodes as an 8-bit PNG, gray or RGB.
  ///
  /// - Returns: The whole PNG.
  /// - Throws: `ImageError.notEncodable` of an image with alpha or 16 bits, `.outOfMemory`.
  public func png() throws -> [UInt8] {
    guard case .bytes(let bytes) = samples, !hasAlpha else {
      throw ImageError.notEncodable(reason: hasAlpha ? "it has alpha" : "it has 16 bits a sample")
    }
    var encoded: UnsafeMutablePointer<UInt8>?
    var count = 0
    var error = cpng_error()
    let status = cpng_write(
      bytes, UInt32(width), UInt32(height), UInt8(color.rawValue), &encoded, &count, &error)
    guard status == CPNG_OK, let encoded else {
      throw ImageError.outOfMemory(source: "PNG of \(width)×\(height) pixels")
    }
    defer { cpng_free(encoded) }
    return Array(UnsafeBufferPointer(start: encoded, count: count))
  }

  /// Writes an 8-bit PNG in one step: a reader sees the old file or the new one, whole.
  ///
  /// - Parameter path: The file to make or to replace.
  /// - Throws: `ImageError.cannotWrite`, or as `png()`.
  public func write(pngFile path: String) throws {
    let bytes = try png()
    do {
      try ReplacementFile.replace(path, with: bytes)
    } catch {
      throw ImageError.cannotWrite(path: path, reason: error.reason)
    }
  }
}
