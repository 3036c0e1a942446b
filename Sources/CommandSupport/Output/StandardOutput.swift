import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Standard output: results, each written at once so that a reader of a pipe need not wait.
public enum StandardOutput {
  /// Prints a line.
  ///
  /// - Parameter text: The line, without its end.
  /// - Throws: `CommandError.outputClosed` where the reader has gone away, which is not a failure;
  ///   `CommandError.outputFailed` where there is no space, say.
  public static func line(_ text: String) throws {
    try FileDescriptorWriter.write(text + "\n", to: STDOUT_FILENO)
  }

  /// Prints a JSON value on a line of its own.
  ///
  /// - Parameter value: The value.
  /// - Throws: What `line(_:)` throws.
  public static func json(_ value: JSONValue) throws {
    try line(value.description)
  }
}

package enum FileDescriptorWriter {
  package static func write(_ text: String, to descriptor: Int32) throws {
    var text = text
    let failure: Int32 = text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while rest.count > 0 {
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        #else
          let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
        #endif
        if count < 0 {
          if errno == EINTR { continue }
          if errno == EAGAIN, waitUntilWritable(descriptor) { continue }
          return errno
        }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
      return 0
    }
    guard failure != 0 else { return }
    if failure == EPIPE { throw CommandError.outputClosed }
    throw CommandError.outputFailed(reason: SystemCall.cause(failure))
  }

  static func writeIgnoringErrors(_ text: String, to descriptor: Int32) {
    try? write(text, to: descriptor)
  }

  /// A pipe that another process made non-blocking is waited for.
  private static func waitUntilWritable(_ descriptor: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&entry, 1, -1) >= 0 || errno == EINTR
  }
}
