import Foundation

/// A limit around a call that must end: a reader of a file made to hold it up, say.
///
/// The call gets a thread of its own, and the clock starts with it. A test's `.timeLimit` also counts
/// the wait for a thread of the pool that tests share, which takes minutes on a busy machine.
public final class Watchdog: @unchecked Sendable {
  /// The call did not end in time. Its thread goes on until the tests end.
  public struct TimedOut: Error, CustomStringConvertible {
    /// The limit.
    public let seconds: Double

    /// Text for a failed test.
    public var description: String { "no end, and no sign of life, for \(seconds) s" }
  }

  // A lock of pthread, which ThreadSanitizer sees.
  private let condition = NSCondition()
  private var lastSign: ContinuousClock.Instant?

  /// Starts the limit again: what a loop calls for each of its items.
  public func feed() { condition.withLock { lastSign = .now } }

  /// Runs a call and waits for its end.
  ///
  /// - Parameters:
  ///   - seconds: From the call's begin, or from the last `feed()`. A thread that is ready to run waits for
  ///     fractions of a second, however busy the machine, so that a minute means a call that hangs.
  ///   - body: The call. Expectations belong outside: on its thread they would not know their test.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws, or `TimedOut`.
  public static func run<Value: Sendable>(
    seconds: Double = 60, _ body: @escaping @Sendable (Watchdog) throws -> Value
  ) throws -> Value {
    let watchdog = Watchdog()
    let outcome = Outcome<Value>()
    let thread = Thread {
      watchdog.feed()
      let result = Result { try body(watchdog) }
      watchdog.condition.withLock {
        outcome.result = result
        watchdog.condition.signal()
      }
    }
    // Twice the main thread's usual 8 MiB: sanitizers make frames larger.
    thread.stackSize = 16 << 20
    thread.start()
    return try watchdog.wait(for: outcome, seconds: seconds)
  }

  private func wait<Value>(for outcome: Outcome<Value>, seconds: Double) throws -> Value {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let result = outcome.result { return try result.get() }
      if let lastSign, ContinuousClock.now - lastSign > .seconds(seconds) {
        throw TimedOut(seconds: seconds)
      }
      _ = condition.wait(until: Date(timeIntervalSinceNow: 1))
    }
  }

  /// Read and written under the watchdog's lock.
  private final class Outcome<Value>: @unchecked Sendable {
    var result: Result<Value, any Error>?
  }
}
