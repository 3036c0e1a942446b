#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The bytes of a regular file, or of memory, read where asked.
///
/// A file is read and not mapped: one that somebody truncates meanwhile gives an error, no signal.
/// Used by one thread at a time.
package final class ByteSource {
  private enum Backing {
    case memory([UInt8])
    case file(Int32)
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
    let descriptor = open(
      path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW))
    guard descriptor >= 0 else {
      throw InterchangeError.unreadable(path: path, reason: systemReason())
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw InterchangeError.unreadable(path: path, reason: "it is not a regular file")
    }
    backing = .file(descriptor)
    count = Int(status.st_size)
  }

  /// Bytes in memory.
  package init(bytes: [UInt8], path: String) {
    self.path = path
    backing = .memory(bytes)
    count = bytes.count
  }

  deinit {
    if case .file(let descriptor) = backing { close(descriptor) }
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
    case .file(let descriptor):
      try read(descriptor, range, to: target)
    }
  }

  private func read(
    _ descriptor: Int32, _ range: Range<Int>, to target: UnsafeMutableRawBufferPointer
  ) throws {
    var done = 0
    while done < range.count, let start = target.baseAddress {
      // Linux reads at most 2³¹ − 4096 bytes a call.
      let size = min(range.count - done, 1 << 30)
      let got = pread(descriptor, start + done, size, off_t(range.lowerBound + done))
      if got > 0 {
        done += got
      } else if got == 0 {
        throw InterchangeError.unreadable(path: path, reason: "it became shorter while read")
      } else if errno != EINTR {
        throw InterchangeError.unreadable(path: path, reason: systemReason())
      }
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
