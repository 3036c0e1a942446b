#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// SIGXFSZ, which a write past the limit of the file size (`ulimit -f`) sends and which ends a process.
package enum FileSizeSignal {
  /// Keeps SIGXFSZ from this thread while a closure runs, so that the write fails with `EFBIG` instead.
  ///
  /// - Parameter body: What to do, on this thread.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  package static func blocked<Result>(_ body: () throws -> Result) rethrows -> Result {
    var blocked = sigset_t()
    var before = sigset_t()
    sigemptyset(&blocked)
    sigaddset(&blocked, SIGXFSZ)
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    defer {
      if sigismember(&before, SIGXFSZ) == 0 {
        // What arrived meanwhile is taken, or it would come as soon as it is let through.
        var pending = sigset_t()
        sigemptyset(&pending)
        sigpending(&pending)
        if sigismember(&pending, SIGXFSZ) == 1 {
          var taken: Int32 = 0
          sigwait(&blocked, &taken)
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
      }
    }
    return try body()
  }
}
