import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Standard error: lines that stay, and below them at most one status line that is redrawn.
///
/// A failure to write is ignored: there is nobody left to tell.
public enum StandardError {
  private static let status = Mutex("")

  /// Prints a line that stays, above the status line.
  ///
  /// - Parameter text: The line, without its end.
  public static func line(_ text: String) {
    status.withLock { status in
      let clear = status.isEmpty ? "" : Terminal.eraseLine
      FileDescriptorWriter.writeIgnoringErrors("\(clear)\(text)\n\(status)", to: STDERR_FILENO)
    }
  }

  /// Replaces the status line.
  ///
  /// - Parameter text: At most one row of the terminal; empty removes the line.
  public static func setStatus(_ text: String) {
    status.withLock { status in
      guard !(status.isEmpty && text.isEmpty) else { return }
      status = text
      FileDescriptorWriter.writeIgnoringErrors(Terminal.eraseLine + text, to: STDERR_FILENO)
    }
  }
}
