/// The arguments of one run, read by the flags that declare them.
public struct Arguments: Sendable {
  /// The arguments that are no flags, in order.
  public internal(set) var positionals: [String] = []
  /// The command's help, as messages name it: `cnn-infer inspect --help`.
  public let helpCommand: String
  var values: [String: any Sendable] = [:]

  init(helpCommand: String) { self.helpCommand = helpCommand }

  /// A flag's value, or its default.
  public subscript<Value>(flag: Flag<Value>) -> Value {
    guard let stored = values[flag.name], let value = stored as? Value else {
      return flag.fallback
    }
    return value
  }

  /// The value of a flag that the command cannot do without.
  ///
  /// - Parameter flag: A flag without a default.
  /// - Returns: Its value.
  /// - Throws: `CommandError.missingFlag` where it was not given.
  public func required<Value>(_ flag: Flag<Value?>) throws -> Value {
    guard let value = self[flag] else {
      throw CommandError.missingFlag(flag.name, expected: flag.expectation, help: helpCommand)
    }
    return value
  }

  /// Whether a flag was given, with whatever value.
  ///
  /// - Parameter flag: A flag of the command.
  /// - Returns: Whether it was given.
  public func isGiven(_ flag: some FlagDeclaration) -> Bool { values[flag.name] != nil }

  /// A usage error about flags that do not go together.
  ///
  /// - Parameters:
  ///   - flags: The flags.
  ///   - rule: What to do.
  /// - Returns: The error to throw.
  public func conflict(_ flags: String, _ rule: String) -> CommandError {
    .conflict(flags: flags, rule: rule, help: helpCommand)
  }
}
