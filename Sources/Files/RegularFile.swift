#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A regular file open for reading: the same file, whatever happens to its path meanwhile.
package final class RegularFile: Sendable {
  /// The length in bytes when the file was opened.
  package let byteCount: Int
  private let descriptor: Int32

  /// Opens a regular file and nothing else, without ever waiting for a pipe's writer.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - followingLinks: Whether the last part of the path may be a link.
  /// - Throws: `FileError.refused` or `.notRegular`.
  package init(_ path: String, followingLinks: Bool = true) throws(FileError) {
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW)
    let descriptor = SystemCall.retrying { open(path, flags) }
    guard descriptor >= 0 else { throw .refused(reason: SystemCall.cause()) }
    do {
      let status = try FileStatus(descriptor: descriptor)
      try status.requireRegular()
      byteCount = status.byteCount
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Lends the descriptor to C code that reads the file itself.
  ///
  /// - Parameter body: Called with the descriptor, which it must neither close nor keep.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package func withDescriptor<Result>(_ body: (Int32) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(descriptor) }
  }

  /// A path by which another `open` reaches this very file; valid as long as this object.
  package var reopeningPath: String {
    #if os(Linux)
      "/proc/self/fd/\(descriptor)"
    #else
      "/dev/fd/\(descriptor)"
    #endif
  }

  /// Reads on from where the last call ended.
  ///
  /// - Parameter buffer: Filled from its start.
  /// - Returns: The number of bytes; fewer than the buffer takes only at the file's end.
  /// - Throws: `FileError.refused`.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    try SystemCall.read(descriptor, into: buffer)
  }

  /// Reads at a position; calls of several threads do not disturb each other.
  ///
  /// - Parameters:
  ///   - buffer: Filled from its start.
  ///   - offset: The first byte's position in the file.
  /// - Returns: The number of bytes; fewer than the buffer takes only at the file's end.
  /// - Throws: `FileError.refused`.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(FileError) -> Int {
    try SystemCall.fill(buffer) { address, size, done in
      pread(descriptor, address, size, off_t(offset + done))
    }
  }

  /// Reads the whole file, also where its length is unknown beforehand.
  ///
  /// - Parameter limit: The most bytes that are read.
  /// - Returns: The bytes, or nil where there are more than `limit`.
  /// - Throws: `FileError.refused`.
  package func contents(limit: Int) throws(FileError) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = try chunk.readingInto { (buffer) throws(FileError) in try read(into: buffer) }
      bytes += chunk[..<count]
      if count < chunk.count { return bytes.count <= limit ? bytes : nil }
    }
    return nil
  }

  /// Maps the file read-only.
  ///
  /// - Returns: The mapping, which outlives this object.
  /// - Throws: `FileError.refused`, also for an empty file.
  package func map() throws(FileError) -> FileMapping {
    try FileMapping(descriptor: descriptor, byteCount: byteCount)
  }
}

extension [UInt8] {
  /// Lends the bytes to a call that overwrites some.
  ///
  /// - Parameter body: Returns the number of bytes written.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package mutating func readingInto(
    _ body: (UnsafeMutableRawBufferPointer) throws(FileError) -> Int
  ) throws(FileError) -> Int {
    let result = withUnsafeMutableBytes { buffer in
      Result { () throws(FileError) in try body(buffer) }
    }
    return try result.get()
  }
}
