/// What can go wrong in arguments, output and child processes. Descriptions read
/// `WHAT: WHERE: WHAT TO DO`.
public enum CommandError: Error, Equatable, CustomStringConvertible {
  /// A flag that the command does not have; `suggestion` is the nearest one.
  case unknownFlag(String, suggestion: String?, help: String)
  /// A flag at the end, or before another flag, that needs a value.
  case missingValue(flag: String, expected: String, help: String)
  /// A value given to a switch.
  case unexpectedValue(argument: String, flag: String, help: String)
  /// A value that a flag does not take.
  case invalidValue(argument: String, expected: String, help: String)
  /// A flag that the command cannot do without.
  case missingFlag(String, expected: String, help: String)
  /// Too few arguments.
  case missingArgument(name: String, meaning: String, help: String)
  /// Too many arguments.
  case unexpectedArgument(String, command: String, help: String)
  /// Flags that cannot go together, or one that needs another.
  case conflict(flags: String, rule: String, help: String)
  /// The reader of standard output has gone away: not a failure.
  case outputClosed
  /// Standard output cannot be written to.
  case outputFailed(reason: String)
  /// A child process could not be started or watched.
  case childFailed(call: String, reason: String)
  /// A path that does not exist or cannot be looked at.
  case unreadablePath(path: String, reason: String)
  /// A folder without an image.
  case noImages(folder: String)
  /// No model is shipped where this program looks.
  case noDefaultModel(executable: String)

  /// Whether the caller's arguments are at fault: exit code 2.
  public var isUsage: Bool {
    switch self {
    case .unknownFlag, .missingValue, .unexpectedValue, .invalidValue, .missingFlag,
      .missingArgument,
      .unexpectedArgument, .conflict:
      true
    case .outputClosed, .outputFailed, .childFailed, .unreadablePath, .noImages, .noDefaultModel:
      false
    }
  }

  /// What, where, and what to do.
  public var description: String {
    switch self {
    case .unknownFlag(let flag, let suggestion, let help):
      "unknown flag: '\(flag)': "
        + (suggestion.map { "did you mean \($0)? See '\(help)'" } ?? "see '\(help)'")
    case .missingValue(let flag, let expected, let help):
      "missing value: \(flag): give \(expected); see '\(help)'"
    case .unexpectedValue(let argument, let flag, let help):
      "unexpected value: '\(argument)': \(flag) takes none; see '\(help)'"
    case .invalidValue(let argument, let expected, let help):
      "invalid value: '\(argument)': expected \(expected); see '\(help)'"
    case .missingFlag(let flag, let expected, let help):
      "missing flag: \(flag): give \(expected); see '\(help)'"
    case .missingArgument(let name, let meaning, let help):
      "missing argument: \(name): give \(meaning); see '\(help)'"
    case .unexpectedArgument(let argument, let command, let help):
      "unexpected argument: '\(argument)': '\(command)' takes no more; see '\(help)'"
    case .conflict(let flags, let rule, let help):
      "flags do not fit: \(flags): \(rule); see '\(help)'"
    case .outputClosed:
      "output closed: standard output: nothing to do"
    case .outputFailed(let reason):
      "cannot write results: standard output (\(reason)): free space or redirect elsewhere"
    case .childFailed(let call, let reason):
      "cannot run a child process: \(call) (\(reason)): free memory or processes and try again"
    case .unreadablePath(let path, let reason):
      "cannot read: '\(path)' (\(reason)): check the path and its permissions"
    case .noImages(let folder):
      "folder without images: '\(folder)': give a folder with .png files"
    case .noDefaultModel(let executable):
      "no model: no Models or share/cnn/Models with one in a folder above '\(executable)': "
        + "name one, or set CNN_MODEL"
    }
  }
}
