#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A program: what it does without a subcommand, and its subcommands.
///
/// ```swift
/// Program("cnn-infer", main: classify, commands: [inspect, evaluate]).run()
/// ```
public struct Program: Sendable {
  /// The version of both programs.
  public static let version = "0.1.0"

  let name: String
  let main: Command
  let commands: [Command]
  let hidden: [Command]
  let advice: @Sendable (any Error) -> String?

  /// A program.
  ///
  /// - Parameters:
  ///   - name: The executable's name.
  ///   - main: What it does without a subcommand.
  ///   - commands: Its subcommands, in the order of the help.
  ///   - hidden: Subcommands for the program itself, in a child process; no help names them.
  ///   - advice: What to add to an error of a library, which knows no flags: `see --batch-size`.
  public init(
    _ name: String, main: Command, commands: [Command] = [], hidden: [Command] = [],
    advice: @escaping @Sendable (any Error) -> String? = { _ in nil }
  ) {
    self.name = name
    self.main = main
    self.commands = commands
    self.hidden = hidden
    self.advice = advice
  }

  /// Runs what the process's arguments ask for, and ends the process.
  public func run() -> Never {
    StandardStreams.open()
    Signals.ignoreWriteSignals()
    exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  /// Runs what arguments ask for; failures are told on standard error.
  ///
  /// - Parameter words: The arguments, without the program's name.
  /// - Returns: How the program ends.
  public func run(_ words: [String]) -> ExitCode {
    do {
      let command = (commands + hidden).first { $0.name == words.first } ?? main
      let rest = command.name == nil ? words : Array(words.dropFirst())
      switch try command.parse(rest, program: name) {
      case .help: try StandardOutput.line(help(for: command))
      case .version: try StandardOutput.line("\(name) \(Self.version)")
      case .run(let arguments): return try command.run(arguments)
      }
      return .success
    } catch CommandError.outputClosed {
      return .success
    } catch let error as CommandError {
      ErrorLine.print(error, advice: advice(error))
      return error.isUsage ? .usage : .failure
    } catch {
      ErrorLine.print(error, advice: advice(error))
      return .failure
    }
  }

  /// The help of a command; that of the main one lists the others.
  ///
  /// - Parameter command: A command of this program.
  /// - Returns: The text, without its last line end.
  public func help(for command: Command) -> String {
    command.help(program: name, others: command.name == nil ? commands : [])
  }
}
