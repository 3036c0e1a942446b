/// One thing that a program does: its arguments, its flags, its help, and what runs.
public struct Command: Sendable {
  /// The arguments that are no flags.
  public struct Positional: Sendable {
    let name: String
    let count: ClosedRange<Int>
    let help: String

    /// Exactly one argument.
    public init(_ name: String, help: String) {
      self.init(name, count: 1...1, help: help)
    }

    /// Several arguments.
    ///
    /// - Parameters:
    ///   - name: In capitals, as help shows it.
    ///   - count: How many there may be.
    ///   - help: What the argument is, with its article.
    public init(_ name: String, count: ClosedRange<Int>, help: String) {
      self.name = name
      self.count = count
      self.help = help
    }

    var usage: String {
      // Two are each named: `CKPT [IMAGE]`.
      let repeated = name + (count.upperBound > 2 ? "…" : "")
      return count.lowerBound == 0 ? "[\(repeated)]" : repeated
    }
  }

  /// Flags under a heading.
  public struct Section: Sendable {
    let title: String
    let flags: [any FlagDeclaration]

    /// Flags under a heading.
    public init(_ title: String, _ flags: [any FlagDeclaration]) {
      self.title = title
      self.flags = flags
    }
  }

  /// The subcommand's word; nil for what the program does without one.
  public let name: String?
  let abstract: String
  let discussion: String?
  let positional: Positional?
  let sections: [Section]
  let examples: [String]
  let run: @Sendable (Arguments) throws -> ExitCode

  /// A command.
  ///
  /// - Parameters:
  ///   - name: The subcommand's word; nil for what the program does without one.
  ///   - abstract: One sentence of what it does.
  ///   - discussion: More, where that helps.
  ///   - positional: The arguments that are no flags; nil where there are none.
  ///   - sections: The flags.
  ///   - examples: Command lines.
  ///   - run: What it does; an error that it throws is printed and ends the program with 1.
  public init(
    name: String? = nil, abstract: String, discussion: String? = nil,
    positional: Positional? = nil, sections: [Section] = [], examples: [String] = [],
    run: @escaping @Sendable (Arguments) throws -> ExitCode
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.positional = positional
    self.sections = sections
    self.examples = examples
    self.run = run
  }

  var flags: [any FlagDeclaration] { sections.flatMap(\.flags) }

  func fullName(in program: String) -> String {
    name.map { "\(program) \($0)" } ?? program
  }
}
