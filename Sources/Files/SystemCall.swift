#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Helpers around calls of the operating system.
package enum SystemCall {
  /// The system's words for an error number: `No space left on device`.
  ///
  /// - Parameter number: `errno`, or a call's result.
  /// - Returns: What `strerror` says.
  package static func cause(_ number: Int32 = errno) -> String { String(cString: strerror(number)) }

  /// Repeats a call that a signal interrupted.
  ///
  /// - Parameter call: Returns a negative number and sets `errno` on failure.
  /// - Returns: The call's result.
  package static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// Reads from a descriptor until a buffer is full or the data ends.
  ///
  /// - Parameters:
  ///   - descriptor: Open for reading: a file, a pipe or a terminal.
  ///   - buffer: Filled from its start.
  /// - Returns: The number of bytes read; fewer than the buffer takes only at the end of the data.
  /// - Throws: `FileError.refused`.
  package static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileError) -> Int {
    try fill(buffer) { address, size, _ in
      #if canImport(Glibc)
        Glibc.read(descriptor, address, size)
      #else
        Darwin.read(descriptor, address, size)
      #endif
    }
  }

  /// Calls a function that reads until a buffer is full or the data ends.
  ///
  /// - Parameters:
  ///   - buffer: Filled from its start.
  ///   - call: Reads at most so many bytes to an address; gets the number read before it, too.
  /// - Returns: The number of bytes read.
  /// - Throws: `FileError.refused`.
  static func fill(
    _ buffer: UnsafeMutableRawBufferPointer,
    _ call: (UnsafeMutableRawPointer, Int, _ done: Int) -> Int
  ) throws(FileError) -> Int {
    var done = 0
    while done < buffer.count, let start = buffer.baseAddress {
      // Linux reads at most 2³¹ − 4096 bytes per call.
      let size = min(buffer.count - done, 1 << 30)
      let count = retrying { call(start + done, size, done) }
      guard count >= 0 else { throw .refused(reason: cause()) }
      if count == 0 { break }
      done += count
    }
    return done
  }
}
