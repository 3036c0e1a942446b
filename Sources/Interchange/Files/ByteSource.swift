import Files

/// The bytes of a regular file, or of memory, read where asked.
///
/// A file is read and not mapped: one that somebody truncates meanwhile gives an error, no signal.
/// Used by one thread at a time.
package final class ByteSource {
  private enum Backing {
    case memory([UInt8])
    case file(RegularFile)
  }

  /// The path, for messages.
  package let path: String
  /// The number of bytes when the source was opened.
  package let count: Int
  private let backing: Backing
  private var window: [UInt8] = []
  private var windowStart = 0

  /// Opens a regular file; anything else (a folder, a FIFO) is refused without waiting for it.
  package init(path: String, followingLinks: Bool = true) throws {
    self.path = path
    do {
      let file = try RegularFile(path, followingLinks: followingLinks)
      backing = .file(file)
      count = file.byteCount
    } catch {
      throw InterchangeError.unreadable(path: path, reason: error.reason)
    }
  }

  /// Bytes in memory.
  package init(bytes: [UInt8], path: String) {
    self.path = path
    backing = .memory(bytes)
    count = bytes.count
  }

  /// Copies a range that must lie inside the source.
  func copy(_ range: Range<Int>, to target: UnsafeMutableRawBufferPointer) throws {
    guard range.lowerBound >= 0, range.upperBound <= count, target.count >= range.count else {
      throw InterchangeError.unreadable(
        path: path, reason: "bytes \(range) lie outside of its \(count)")
    }
    switch backing {
    case .memory(let bytes):
      bytes.withUnsafeBytes { target.copyMemory(from: .init(rebasing: $0[range])) }
    case .file(let file):
      try read(file, range, to: target)
    }
  }

  private func read(
    _ file: RegularFile, _ range: Range<Int>, to target: UnsafeMutableRawBufferPointer
  ) throws {
    let wanted = UnsafeMutableRawBufferPointer(rebasing: target[..<range.count])
    let count: Int
    do {
      count = try file.read(into: wanted, at: range.lowerBound)
    } catch {
      throw InterchangeError.unreadable(path: path, reason: error.reason)
    }
    guard count == range.count else {
      throw InterchangeError.unreadable(path: path, reason: "it became shorter while read")
    }
  }

  /// The bytes of a range that must lie inside the source.
  func bytes(_ range: Range<Int>) throws -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw InterchangeError.unreadable(
        path: path, reason: "bytes \(range) lie outside of its \(count)")
    }
    return try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
      try copy(range, to: UnsafeMutableRawBufferPointer(buffer))
      filled = range.count
    }
  }

  /// One byte, through a window of 64 KiB for readers that go forward; nil outside of the source.
  func byte(at offset: Int) throws -> UInt8? {
    guard (0..<count).contains(offset) else { return nil }
    if case .memory(let bytes) = backing { return bytes[offset] }
    if offset < windowStart || offset - windowStart >= window.count {
      window = try bytes(offset..<min(count, offset + 65_536))
      windowStart = offset
    }
    return window[offset - windowStart]
  }
}
