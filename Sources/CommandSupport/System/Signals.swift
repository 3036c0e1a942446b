import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Requests to stop, and the signals that would end a process which can tell more itself.
public enum Signals {
  /// Why a long run should stop.
  public enum Stop: Sendable {
    /// SIGINT: Control-C.
    case interrupt
    /// SIGTERM: a supervisor.
    case terminate

    /// How the program ends once it has saved.
    public var exitCode: ExitCode {
      switch self {
      case .interrupt: .interrupted
      case .terminate: .terminated
      }
    }
  }

  /// The first stopping signal that came; 0 before.
  private static let received = Atomic<Int32>(0)

  /// From now on SIGINT and SIGTERM are noted for `stopRequest`, and a second SIGINT ends the
  /// process at once.
  public static func catchStops() {
    // Reads once so that no handler is the first to touch the variable.
    _ = received.load(ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        let (isFirst, _) = Signals.received.compareExchange(
          expected: 0, desired: number, ordering: .relaxed)
        // Only async-signal-safe calls here: signal-safety(7).
        if !isFirst, number == SIGINT { _exit(ExitCode.interrupted.rawValue) }
      }
    }
    unblockStops()
  }

  /// A process inherits the mask of the thread that started it, and worker threads of Dispatch block
  /// every signal.
  private static func unblockStops() {
    var stops = sigset_t()
    sigemptyset(&stops)
    for number in [SIGINT, SIGTERM] { sigaddset(&stops, number) }
    pthread_sigmask(SIG_UNBLOCK, &stops, nil)
  }

  /// The request to stop, if one has come: the loop asks between steps.
  public static var stopRequest: Stop? {
    switch received.load(ordering: .relaxed) {
    case SIGINT: .interrupt
    case SIGTERM: .terminate
    default: nil
    }
  }

  /// A closed pipe and a file-size limit then fail the write, which is told like any failure.
  public static func ignoreWriteSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }
}
