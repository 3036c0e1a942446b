import CZlib
import Files

/// A file read from start to end, inflated where it is gzip (RFC 1952), strictly: damage and bytes
/// behind the last member are errors.
final class InflatingFile {
  private static let chunkSize = 1 << 18

  let path: String
  /// The file's own length.
  var fileSize: Int { file.byteCount }
  /// Bytes handed out.
  private(set) var offset = 0

  private let file: RegularFile
  private var chunk: [UInt8] = []
  private var used = 0
  private var chunkStart = 0
  private var stream: UnsafeMutablePointer<z_stream>?
  private var ended = false

  /// Whether the file is gzip.
  var isCompressed: Bool { stream != nil }

  /// The most bytes that the file can hold: deflate expands at most 1032 times (RFC 1951).
  var largestContent: Int {
    let (product, overflow) = fileSize.multipliedReportingOverflow(by: isCompressed ? 1032 : 1)
    return overflow ? .max : product
  }

  /// Opens a file; gzip is known by its first two bytes.
  ///
  /// - Parameter path: A regular file.
  /// - Throws: `DatasetError`.
  init(path: String) throws {
    self.path = path
    do {
      file = try RegularFile(path)
    } catch .notRegular {
      throw DatasetError.notAFile(path: path)
    } catch {
      throw DatasetError.cannotOpen(path: path, reason: error.reason)
    }
    try refill()
    guard chunk.starts(with: [0x1F, 0x8B]) else { return }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    self.stream = stream
    // 15 bits of window, plus 16: gzip only.
    guard
      inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw DatasetError.outOfMemory(bytes: 1 << 15) }
  }

  deinit {
    if let stream {
      inflateEnd(stream)
      stream.deallocate()
    }
  }

  /// Reads up to as many bytes as there is room for.
  ///
  /// - Parameter buffer: Filled from its start.
  /// - Returns: The number of bytes; fewer than the room at the end of the data only.
  /// - Throws: `DatasetError`.
  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
    let count = stream == nil ? try copy(into: buffer) : try inflate(into: buffer)
    offset += count
    return count
  }

  private func refill() throws {
    chunkStart += chunk.count
    var bytes = [UInt8](repeating: 0, count: Self.chunkSize)
    do {
      let count = try bytes.readingInto { (buffer) throws(FileError) in
        try file.read(into: buffer)
      }
      chunk = Array(bytes[..<count])
    } catch {
      throw DatasetError.cannotRead(path: path, reason: error.reason)
    }
    used = 0
  }

  private func copy(into buffer: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      if used == chunk.count { try refill() }
      let part = min(chunk.count - used, buffer.count - filled)
      if part == 0 { break }
      chunk.withUnsafeBufferPointer { chunk in
        _ = buffer[filled...].update(fromContentsOf: chunk[used..<used + part])
      }
      used += part
      filled += part
    }
    return filled
  }

  private func inflate(into buffer: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
    guard let stream else { return 0 }
    var filled = 0
    while filled < buffer.count, !ended {
      if used == chunk.count { try refill() }
      if chunk.isEmpty { throw damage("the data ends within the gzip stream") }
      let room = min(buffer.count - filled, Int(Int32.max))
      let status = chunk.withUnsafeMutableBufferPointer { chunk in
        stream.pointee.next_in = chunk.baseAddress?.advanced(by: used)
        stream.pointee.avail_in = UInt32(chunk.count - used)
        stream.pointee.next_out = buffer.baseAddress?.advanced(by: filled)
        stream.pointee.avail_out = UInt32(room)
        return CZlib.inflate(stream, Z_NO_FLUSH)
      }
      used = chunk.count - Int(stream.pointee.avail_in)
      filled += room - Int(stream.pointee.avail_out)
      switch status {
      case Z_OK, Z_BUF_ERROR: continue
      case Z_STREAM_END: try endMember(stream)
      default: throw damage(stream.pointee.msg.map { String(cString: $0) } ?? "invalid data")
      }
    }
    return filled
  }

  // Another member may follow at once; anything else is not gzip.
  private func endMember(_ stream: UnsafeMutablePointer<z_stream>) throws {
    if used == chunk.count { try refill() }
    if chunk.isEmpty {
      ended = true
    } else if chunk[used] == 0x1F {
      inflateReset(stream)
    } else {
      throw damage("bytes follow the gzip stream")
    }
  }

  private func damage(_ detail: String) -> DatasetError {
    .damagedGzip(path: path, offset: chunkStart + used, detail: detail)
  }
}
