extension Command {
  /// What a command line asks for.
  package enum Request {
    case help
    case version
    case run(Arguments)
  }

  /// Reads the arguments after the program's name and the subcommand.
  ///
  /// `--flag value`, `--flag=value`, `-o value` and `-ovalue` are the same; after `--` nothing is a
  /// flag; `-` alone is an argument. The last of several values counts, unless the
  /// flag collects them.
  package func parse(_ words: [String], program: String) throws -> Request {
    let help = "\(fullName(in: program)) --help"
    var arguments = Arguments(helpCommand: help)
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        arguments.positionals += rest
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        arguments.positionals.append(word)
        continue
      }
      if word == "-h" || word == "--help" { return .help }
      if word == "--version" { return .version }
      try parseFlag(word, &rest, &arguments)
    }
    try checkCount(arguments, program)
    return .run(arguments)
  }

  private func parseFlag(
    _ word: String, _ rest: inout ArraySlice<String>, _ arguments: inout Arguments
  ) throws {
    let help = arguments.helpCommand
    var (name, value) = Self.split(word)
    guard let flag = flags.first(where: { $0.name == name || "-\($0.short ?? "-")" == name }) else {
      let known = flags.map(\.name) + ["--help", "--version"]
      throw CommandError.unknownFlag(name, suggestion: nearest(to: name, in: known), help: help)
    }
    guard flag.placeholder != nil else {
      guard value == nil else {
        throw CommandError.unexpectedValue(argument: word, flag: flag.name, help: help)
      }
      arguments.values[flag.name] = flag.value(of: "")
      return
    }
    // A flag in a value's place is a value forgotten; `--flag=--value` says otherwise.
    if value == nil, let next = rest.first, !(next.hasPrefix("--") && isFlag(next)) {
      value = rest.removeFirst()
    }
    guard let value else {
      throw CommandError.missingValue(flag: flag.name, expected: flag.expectation, help: help)
    }
    guard let parsed = flag.value(of: value) else {
      let near = nearest(to: value, in: flag.choices).map { "; did you mean \($0)?" } ?? ""
      throw CommandError.invalidValue(
        argument: "\(flag.name) \(value)", expected: flag.expectation + near, help: help)
    }
    arguments.values[flag.name] = flag.value(after: arguments.values[flag.name], came: parsed)
  }

  private func isFlag(_ word: String) -> Bool {
    let name = Self.split(word).name
    return name == "--" || name == "--help" || flags.contains { $0.name == name }
  }

  private static func split(_ word: String) -> (name: String, value: String?) {
    guard word.hasPrefix("--") else {
      let value = word.dropFirst(2)
      return (String(word.prefix(2)), value.isEmpty ? nil : String(value))
    }
    guard let equals = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<equals]), String(word[word.index(after: equals)...]))
  }

  private func checkCount(_ arguments: Arguments, _ program: String) throws {
    let count = arguments.positionals.count
    let range = positional?.count ?? 0...0
    if count < range.lowerBound, let positional {
      throw CommandError.missingArgument(
        name: positional.name, meaning: positional.help, help: arguments.helpCommand)
    }
    if count > range.upperBound {
      throw CommandError.unexpectedArgument(
        arguments.positionals[range.upperBound], command: fullName(in: program),
        help: arguments.helpCommand)
    }
  }
}
