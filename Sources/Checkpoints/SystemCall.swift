#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Calls of the system with their causes in words.
enum SystemCall {
  /// The words for an error number, the current one where none is given.
  ///
  /// - Parameter number: `errno` or a call's result.
  /// - Returns: `No space left on device`, say.
  static func cause(_ number: Int32 = errno) -> String { String(cString: strerror(number)) }

  /// Repeats a call that a signal interrupted.
  ///
  /// - Parameter call: Gives a negative number and sets `errno` on failure.
  /// - Returns: The call's result.
  static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// What a path that is no plain file is.
  ///
  /// - Parameter mode: `st_mode`.
  /// - Returns: Words for it, or nil for a plain file.
  static func kind(_ mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }
}
