import CommandSupport

/// This program in a child process: libhdf5 1.10 reads out of bounds on some damaged files.
enum IsolatedProcess {
  /// Runs a hidden command; what it tells is passed on.
  ///
  /// - Parameters:
  ///   - arguments: The hidden command's words.
  ///   - path: The file at fault if the process crashes.
  /// - Returns: The child's exit code.
  static func run(_ arguments: [String], path: String) throws -> ExitCode {
    let outcome = try ChildProcess.run(arguments)
    switch outcome.ending {
    case .signaled(let signal): throw InferError.crashed(path: path, signal: signal)
    case .timedOut: throw InferError.tookTooLong(path: path)
    case .exited(let status):
      for line in outcome.errors.split(separator: "\n") { StandardError.line(line.printableLine) }
      return ExitCode(rawValue: status) ?? .failure
    }
  }
}

extension Substring {
  fileprivate var printableLine: String { String(self).printable }
}
