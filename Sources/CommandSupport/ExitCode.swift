/// How a program ends.
public enum ExitCode: Int32, Sendable, CaseIterable {
  /// All was done.
  case success = 0
  /// An input or the run failed; a line on standard error says what.
  case failure = 1
  /// The arguments have no meaning.
  case usage = 2
  /// Stopped by SIGINT (128 + 2), after saving.
  case interrupted = 130
  /// Stopped by SIGTERM (128 + 15), after saving.
  case terminated = 143
}
