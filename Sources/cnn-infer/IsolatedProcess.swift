import CommandSupport
import Files

/// This program in a child process: libhdf5 1.10 reads out of bounds on some damaged files.
enum IsolatedProcess {
  /// Runs a hidden command; what it tells is passed on.
  ///
  /// - Parameters:
  ///   - arguments: The hidden command's words.
  ///   - path: The file at fault if the process crashes.
  /// - Returns: The child's exit code.
  /// - Throws: `InferError` where the child crashes.
  static func run(_ arguments: [String], path: String) throws -> ExitCode {
    let (status, outcome) = try finish(arguments, path)
    for line in outcome.errors.split(separator: "\n") {
      StandardError.line(String(line).printable)
    }
    return status
  }

  /// What a hidden command prints; nil where it fails.
  static func output(_ arguments: [String], path: String) throws -> String? {
    let (status, outcome) = try finish(arguments, path)
    return status == .success ? outcome.output : nil
  }

  private static func finish(
    _ arguments: [String], _ path: String
  ) throws -> (ExitCode, ChildProcess.Outcome) {
    let outcome = try ChildProcess.run(arguments)
    switch outcome.ending {
    case .signaled(let signal): throw InferError.crashed(path: path, signal: signal)
    case .timedOut: throw InferError.tookTooLong(path: path)
    case .exited(let status): return (ExitCode(rawValue: status) ?? .failure, outcome)
    }
  }
}
