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
  /// process at once. To be called before any other thread starts.
  ///
  /// A thread of its own waits for them, blocked everywhere else: a handler would push its frame on
  /// the stack of whichever thread it interrupts, and generated code (oneDNN's) may use the stack
  /// pointer for data, so that the frame would overwrite the heap.
  public static func catchStops() {
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    var stops = stopSet
    pthread_sigmask(SIG_BLOCK, &stops, nil)
    #if canImport(Glibc)
      var thread = pthread_t()
      let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { _ in
        Signals.waitForStops()
      }
    #else
      var thread: pthread_t?
      let body: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { _ in
        Signals.waitForStops()
      }
    #endif
    if pthread_create(&thread, nil, body, nil) != 0 {
      // Without the thread the signals end the process, as they do by default.
      pthread_sigmask(SIG_UNBLOCK, &stops, nil)
    }
  }

  private static var stopSet: sigset_t {
    var stops = sigset_t()
    sigemptyset(&stops)
    for number in [SIGINT, SIGTERM] { sigaddset(&stops, number) }
    return stops
  }

  private static func waitForStops() -> Never {
    var stops = stopSet
    while true {
      var number: Int32 = 0
      guard sigwait(&stops, &number) == 0 else { continue }
      let (isFirst, _) = received.compareExchange(
        expected: 0, desired: number, ordering: .relaxed)
      if !isFirst, number == SIGINT { _exit(ExitCode.interrupted.rawValue) }
    }
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
