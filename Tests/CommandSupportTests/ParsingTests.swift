import CommandSupport
import Testing

private enum Colour: String, CaseIterable { case red, green, blue }

private enum Flags {
  static let topK = Flag("--top-k", "N", .integer(1...1000), default: 5, help: "how many")
  static let rate = Flag("--lr", "X", .number(above: 0), default: 0.01, help: "the step")
  static let limit = Flag("--limit", "N", .integer(atLeast: 1), help: "how many images")
  static let output = Flag("--output", "FILE", .text("a file"), short: "o", help: "the result")
  static let colour = Flag("--colour", "WORD", .choice, default: Colour.red, help: "the colour")
  static let json = Flag("--json", help: "print JSON")
  static let tags = Flag(repeated: "--tag", "WORD", .text("a word"), help: "a tag; repeatable")
  static let all: [any FlagDeclaration] = [topK, rate, limit, output, colour, json, tags]
}

private func command(_ count: ClosedRange<Int> = 0...9) -> Command {
  Command(
    abstract: "Tests.", positional: .init("IMAGE", count: count, help: "a PNG"),
    sections: [.init("Options", Flags.all)]
  ) { _ in .success }
}

private func parsed(_ words: String...) throws -> Arguments {
  guard case .run(let arguments) = try command().parse(words, program: "tool") else {
    throw CommandError.outputClosed
  }
  return arguments
}

@Suite("Arguments")
struct ParsingTests {
  @Test("A flag takes its value after a space or an equals sign, short flags also directly")
  func spellings() throws {
    #expect(try parsed("--top-k", "3")[Flags.topK] == 3)
    #expect(try parsed("--top-k=3")[Flags.topK] == 3)
    #expect(try parsed("-o", "a=b.h5")[Flags.output] == "a=b.h5")
    #expect(try parsed("-oa.h5")[Flags.output] == "a.h5")
    #expect(try parsed("--output=--json")[Flags.output] == "--json")
    #expect(try parsed("--colour", "blue")[Flags.colour] == .blue)
  }

  @Test("A flag that is not given has its default, and is known not to be given")
  func defaults() throws {
    let arguments = try parsed("--lr", "0.5", "--lr", "0.25")
    #expect(arguments[Flags.topK] == 5)
    #expect(arguments[Flags.limit] == nil)
    #expect(arguments[Flags.rate] == 0.25)
    #expect(!arguments[Flags.json])
    #expect(arguments.isGiven(Flags.rate))
    #expect(!arguments.isGiven(Flags.topK))
  }

  @Test("A flag that collects keeps every value, in order")
  func repeated() throws {
    #expect(try parsed("--tag", "b", "--json", "--tag=a")[Flags.tags] == ["b", "a"])
    #expect(try parsed()[Flags.tags].isEmpty)
    #expect(throws: CommandError.self) { try parsed("--tag", "b", "--tag") }
  }

  @Test("A dash alone is an argument, and after two dashes all are")
  func positionals() throws {
    let arguments = try parsed("a.png", "-", "--json", "--", "--json", "-o")
    #expect(arguments.positionals == ["a.png", "-", "--json", "-o"])
    #expect(arguments[Flags.json])
  }

  @Test(
    "A mistake is told in one line that names the flag and the help",
    arguments: [
      (["--topk", "3"], "unknown flag: '--topk': did you mean --top-k? See 'tool --help'"),
      (["--outptu=x"], "unknown flag: '--outptu': did you mean --output? See 'tool --help'"),
      (["--nonsense"], "unknown flag: '--nonsense': see 'tool --help'"),
      (["-x"], "unknown flag: '-x': see 'tool --help'"),
      (["--top-k"], "missing value: --top-k: give an integer from 1 to 1000; see 'tool --help'"),
      (
        ["--output", "--json"], "missing value: --output: give a file; see 'tool --help'"
      ),
      (
        ["--top-k", "0"],
        "invalid value: '--top-k 0': expected an integer from 1 to 1000; see 'tool --help'"
      ),
      (
        ["--limit", "-3"],
        "invalid value: '--limit -3': expected an integer of at least 1; see 'tool --help'"
      ),
      (
        ["--lr=nan"], "invalid value: '--lr nan': expected a number above 0; see 'tool --help'"
      ),
      (
        ["--lr=inf"], "invalid value: '--lr inf': expected a number above 0; see 'tool --help'"
      ),
      (["--output="], "invalid value: '--output ': expected a file; see 'tool --help'"),
      (
        ["--colour", "bleu"],
        "invalid value: '--colour bleu': expected one of red, green, blue; did you mean blue?; "
          + "see 'tool --help'"
      ),
      (["--json=1"], "unexpected value: '--json=1': --json takes none; see 'tool --help'"),
    ])
  func mistakes(words: [String], message: String) {
    let error = #expect(throws: CommandError.self) {
      _ = try command().parse(words, program: "tool")
    }
    #expect(error?.description == message)
    #expect(error?.isUsage == true)
  }

  @Test("Too few or too many arguments are told")
  func counts() {
    let none = #expect(throws: CommandError.self) {
      _ = try command(1...1).parse([], program: "tool")
    }
    #expect(none?.description == "missing argument: IMAGE: give a PNG; see 'tool --help'")
    let many = #expect(throws: CommandError.self) {
      _ = try command(1...1).parse(["a", "b"], program: "tool")
    }
    #expect(
      many?.description == "unexpected argument: 'b': 'tool' takes no more; see 'tool --help'")
  }

  @Test("Help and version win over what else is wrong after them")
  func helpFirst() throws {
    guard case .help = try command(1...1).parse(["-h", "--nonsense"], program: "tool") else {
      Issue.record("not help")
      return
    }
    guard case .version = try command(1...1).parse(["--version"], program: "tool") else {
      Issue.record("not version")
      return
    }
  }

  @Test("Help is made from the declaration and fits 80 columns")
  func help() {
    let text = Program("tool", main: command(1...9), commands: [inspect]).help(for: command(1...9))
    #expect(
      text == """
        Usage: tool IMAGE… [OPTIONS]
               tool inspect FILE [OPTIONS]

        Tests.

        Arguments:
          IMAGE                     a PNG

        Options:
              --top-k N             how many (default: 5)
              --lr X                the step (default: 0.01)
              --limit N             how many images
          -o, --output FILE         the result
              --colour red|green|blue
                                    the colour (default: red)
              --json                print JSON
              --tag WORD            a tag; repeatable

        Other:
          -h, --help                print this help and exit
              --version             print the version and exit

        Commands:
          inspect                   Prints what a file that has a rather long
                                    description of itself holds.
        """)
  }

  private var inspect: Command {
    Command(
      name: "inspect",
      abstract: "Prints what a file that has a rather long description of itself holds.",
      positional: .init("FILE", help: "a file")
    ) { _ in .success }
  }

  @Test("Distances count insertions, deletions, substitutions and swaps")
  func distances() {
    #expect(editDistance("", "abc") == 3)
    #expect(editDistance("kitten", "sitting") == 3)
    #expect(editDistance("model", "mdoel") == 1)
    #expect(editDistance("--json", "--json") == 0)
    #expect(nearest(to: "--prec", in: ["--precision", "--json"]) == "--precision")
    #expect(nearest(to: "--zzzzzzzz", in: ["--precision", "--json"]) == nil)
  }
}
