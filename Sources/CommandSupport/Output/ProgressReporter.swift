import Synchronization

/// Tells how work goes on: a bar that is redrawn on a terminal, only lines elsewhere, nothing when
/// quiet.
public final class ProgressReporter: Sendable {
  private struct Work {
    var bar: ProgressBar
    var start: ContinuousClock.Instant
    var lastDraw: ContinuousClock.Instant?
  }

  private static let interval = Duration.milliseconds(100)
  private let isQuiet: Bool
  private let terminal: Terminal
  private let work = Mutex<Work?>(nil)

  /// A reporter on standard error.
  ///
  /// - Parameters:
  ///   - quiet: Whether to stay silent: `--quiet`.
  ///   - terminal: What standard error is.
  public init(quiet: Bool, terminal: Terminal = .standardError) {
    isQuiet = quiet
    self.terminal = terminal
  }

  /// Starts a piece of work; a terminal shows its bar until `end()`.
  ///
  /// - Parameters:
  ///   - title: What is done: `epoch 3/10`.
  ///   - total: The amount of work.
  ///   - unit: What is counted, for the rate: `images`.
  public func begin(_ title: String, total: Int, unit: String) {
    work.withLock {
      $0 = Work(bar: ProgressBar(title: title, total: total, unit: unit), start: .now)
    }
    update(0)
  }

  /// Tells how much is done; draws at most ten times a second.
  ///
  /// - Parameters:
  ///   - completed: How much of the total.
  ///   - detail: The caller's own words: `loss 0.71`.
  public func update(_ completed: Int, detail: @autoclosure () -> String = "") {
    guard terminal.isInteractive, !isQuiet else { return }
    let row: String? = work.withLock { work in
      guard let current = work else { return nil }
      let now = ContinuousClock.now
      if let last = current.lastDraw, now - last < Self.interval { return nil }
      work?.lastDraw = now
      return current.bar.row(
        completed: completed, elapsed: (now - current.start).inSeconds, detail: detail(),
        width: terminal.width)
    }
    if let row { StandardError.setStatus(row) }
  }

  /// Ends the piece of work and removes its bar.
  public func end() {
    work.withLock { $0 = nil }
    if terminal.isInteractive, !isQuiet { StandardError.setStatus("") }
  }

  /// Prints a line that stays: one an epoch, say.
  ///
  /// - Parameter line: The line, without its end.
  public func note(_ line: String) {
    if !isQuiet { StandardError.line(line) }
  }
}

extension Duration {
  /// In seconds.
  public var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
