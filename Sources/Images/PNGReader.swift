import CPNGShim
import Files

/// What a PNG's header says about its pixels once decoded.
public struct PNGHeader: Hashable, Sendable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Gray or RGB; a palette is RGB.
  public let color: Image.Color
  /// Whether there is an alpha channel or a transparent colour.
  public let hasAlpha: Bool
  /// 8, or 16.
  public let bitDepth: Int
}

/// A PNG being decoded by libpng. Owns the C reader, and frees it in `deinit`.
struct PNGReader: ~Copyable {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  private let reader: OpaquePointer
  private let source: String
  private let limits: ImageLimits

  /// A reader of memory, which must stay valid as long as this reader.
  init(memory: UnsafeBufferPointer<UInt8>, source: String, limits: ImageLimits) throws {
    try Self.checkSignature(Array(memory.prefix(FileKind.prefixLength)), source: source)
    guard
      let reader = cpng_reader_of_memory(memory.baseAddress, memory.count, limits.shim)
    else { throw ImageError.outOfMemory(source: source) }
    self.reader = reader
    self.source = source
    self.limits = limits
  }

  /// A reader of a descriptor, which must stay open as long as this reader.
  init(descriptor: Int32, source: String, limits: ImageLimits) throws {
    let prefix = try Self.prefix(of: descriptor, source: source)
    try Self.checkSignature(prefix, source: source)
    guard
      let reader = cpng_reader_of_descriptor(descriptor, prefix, prefix.count, limits.shim)
    else { throw ImageError.outOfMemory(source: source) }
    self.reader = reader
    self.source = source
    self.limits = limits
  }

  deinit { cpng_reader_free(reader) }

  private static func prefix(of descriptor: Int32, source: String) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FileKind.prefixLength)
    do {
      let count = try bytes.readingInto { (buffer) throws(FileError) in
        try SystemCall.read(descriptor, into: buffer)
      }
      return Array(bytes[..<count])
    } catch {
      throw ImageError.cannotRead(source: source, reason: error.reason)
    }
  }

  /// Reads up to the first pixels, and checks the limits.
  ///
  /// - Returns: The header.
  /// - Throws: `ImageError`.
  func header() throws -> PNGHeader {
    var header = cpng_header()
    let status = cpng_read_header(reader, &header)
    guard status == CPNG_OK else { throw failure(header) }
    return PNGHeader(
      width: Int(header.width), height: Int(header.height),
      color: header.channels < 3 ? .gray : .rgb, hasAlpha: header.channels % 2 == 0,
      bitDepth: Int(header.bit_depth))
  }

  /// Reads the pixels, and on to the end of the PNG.
  ///
  /// - Parameter header: What `header()` returned.
  /// - Returns: The image.
  /// - Throws: `ImageError`.
  func image(_ header: PNGHeader) throws -> Image {
    // At most 2³¹ − 1 by 2³¹ − 1 limited to `maxSide` squared times four: no overflow.
    let count = header.width * header.height * (header.color.rawValue + (header.hasAlpha ? 1 : 0))
    let samples: Image.Samples =
      header.bitDepth == 16
      ? .words(try samples(count)) : .bytes(try samples(count))
    return Image(
      width: header.width, height: header.height, color: header.color, hasAlpha: header.hasAlpha,
      samples: samples)
  }

  private func samples<Sample: BitwiseCopyable>(_ count: Int) throws -> [Sample] {
    try [Sample](unsafeUninitializedCapacity: count) { buffer, initialized in
      let byteCount = count * MemoryLayout<Sample>.stride
      guard cpng_read_samples(reader, buffer.baseAddress, byteCount) == CPNG_OK else {
        throw failure(cpng_header())
      }
      initialized = count
    }
  }

  private func failure(_ header: cpng_header) -> ImageError {
    guard let error = cpng_reader_error(reader)?.pointee else {
      return .outOfMemory(source: source)
    }
    let chunk = text(error.chunk)
    let offset = Int(clamping: error.offset)
    return switch error.status {
    case CPNG_TRUNCATED: .truncated(source: source, chunk: chunk, offset: offset)
    case CPNG_DIMENSIONS:
      .tooLarge(
        source: source, width: Int(header.width), height: Int(header.height), limits: limits)
    case CPNG_SOURCE_TOO_LONG: .tooLong(source: source, limit: limits.maxBytes)
    case CPNG_READ_FAILED:
      .cannotRead(source: source, reason: SystemCall.cause(error.system_error))
    case CPNG_OUT_OF_MEMORY: .outOfMemory(source: source)
    default:
      .malformed(
        source: source, chunk: chunk, offset: offset,
        detail: text(error.message).trimmingPrefix("\(chunk): ").description)
    }
  }

  private static func checkSignature(_ prefix: [UInt8], source: String) throws {
    if prefix.isEmpty { throw ImageError.empty(source: source) }
    if prefix.starts(with: signature) { return }
    if signature.starts(with: prefix) {
      throw ImageError.truncated(source: source, chunk: "", offset: prefix.count)
    }
    let kind = FileKind(prefix: prefix)
    let agreeing = zip(prefix, signature).filter { $0 == $1 }.count
    let damaged = zip(prefix, signature).enumerated().first { $1.0 != $1.1 }
    if kind == .unknown, agreeing >= signature.count / 2, let damaged {
      throw ImageError.damagedSignature(source: source, byte: damaged.offset)
    }
    throw ImageError.notPNG(source: source, kind: kind)
  }
}

extension ImageLimits {
  fileprivate var shim: cpng_limits {
    cpng_limits(
      max_side: UInt32(clamping: maxSide), max_pixels: UInt64(clamping: maxPixels),
      max_bytes: UInt64(clamping: maxBytes))
  }
}

/// The text of a C array of characters that ends with a zero.
func text<Characters: BitwiseCopyable>(_ characters: Characters) -> String {
  withUnsafeBytes(of: characters) { bytes in
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
