#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The three descriptors that every program has, or should have.
enum StandardStreams {
  /// Opens `/dev/null` in place of a standard stream that the parent closed, so that no file which
  /// is opened later takes its number and is written to by mistake.
  static func open() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) == -1 {
      #if canImport(Glibc)
        _ = Glibc.open("/dev/null", O_RDWR)
      #else
        _ = Darwin.open("/dev/null", O_RDWR)
      #endif
    }
  }
}
