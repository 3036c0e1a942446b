import CommandSupport
import Formatting
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Output")
struct OutputTests {
  @Test(
    "JSON keeps the order of keys, escapes, and gives numbers back bit for bit",
    arguments: [
      (JSONValue.object([.init("b", .integer(1)), .init("a", .null)]), #"{"b":1,"a":null}"#),
      (.array([.bool(true), .number(0.1), .float(0.1)]), "[true,0.1,0.1]"),
      (.float(0.987_654_3), "0.9876543"),
      (.number(1e-7), "1e-07"),
      (.number(.nan), "null"),
      (.float(-.infinity), "null"),
      (.string("a\"b\\c\n\u{1}\u{7F}é"), #""a\"b\\c\n\u0001\u007fé""#),
      (.verbatim("{}"), "{}"),
    ])
  func json(value: JSONValue, text: String) {
    #expect(value.description == text)
  }

  @Test("An error is one line whatever its file's name holds")
  func errorLine() {
    let error = CommandError.noImages(folder: "a\nb\u{1B}[31m\u{202E}c")
    #expect(
      ErrorLine.text(for: error)
        == "error: folder without images: 'a\\nb\\u{1B}[31m\\u{202E}c': "
        + "give a folder with .png files")
    #expect(
      ErrorLine.text(for: CommandError.noImages(folder: "a"), advice: "see --data")
        == "error: folder without images: 'a': give a folder with .png files; see --data")
  }

  @Test("The bar shows the rate and the time left, and never wraps", arguments: [20, 40, 80, 200])
  func bar(width: Int) {
    let bar = ProgressBar(title: "epoch 1/10", total: 60_000, unit: "images")
    let row = bar.row(completed: 15_000, elapsed: 300, detail: "loss 0.71", width: width)
    #expect(row.count < width)
    if width >= 80 {
      #expect(row.hasPrefix("epoch 1/10  ["))
      #expect(row.hasSuffix("]  25%  50.0 images/s  15:00 left  loss 0.71"))
    }
  }

  @Test("The bar is sane at its ends and beyond them")
  func barEnds() {
    let bar = ProgressBar(title: "t", total: 10, unit: "steps")
    #expect(bar.row(completed: 0, elapsed: 0, width: 80).hasSuffix("  0%"))
    #expect(bar.row(completed: 99, elapsed: 2, width: 80).contains("] 100%  5.00 steps/s  0:00"))
    #expect(ProgressBar(title: "t", total: 0, unit: "x").total == 1)
    #expect(ProgressBar.clock(3723) == "1:02:03")
    #expect(ProgressBar.clock(.infinity) == "--:--")
  }

  @Test("Numbers are rounded as people do")
  func decimals() {
    #expect(Decimals.text(12.345, 2) == "12.35")
    #expect(Decimals.text(-0.001, 2) == "0.00")
    #expect(Decimals.text(9.999, 1) == "10.0")
    #expect(Decimals.text(1.05, 3) == "1.050")
    #expect(Decimals.percent(0.9731) == "97.3 %")
    #expect(Decimals.bytes(187_100_000) == "187.1 MB")
    #expect(Decimals.bytes(999) == "999 bytes")
  }

  @Test("A terminal's width and colours follow the environment")
  func terminal() {
    func make(_ variables: [String: String], interactive: Bool = true, width: Int? = nil)
      -> Terminal
    {
      Terminal(isInteractive: interactive, windowWidth: width) { variables[$0] }
    }
    #expect(make([:]).width == 80)
    #expect(make([:], width: 132).width == 132)
    #expect(make(["COLUMNS": "100"], width: 132).width == 100)
    #expect(make(["COLUMNS": "nonsense"], width: 0).width == 80)
    #expect(make([:]).style.red("x") == "\u{1B}[31;1mx\u{1B}[0m")
    #expect(make(["NO_COLOR": "1"]).style.red("x") == "x")
    #expect(make(["NO_COLOR": ""]).style.isEnabled)
    #expect(!make(["TERM": "dumb"]).isInteractive)
    #expect(!make([:], interactive: false).style.isEnabled)
  }

  @Test("A closed pipe and a full disk are told apart")
  func writing() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    #expect(throws: CommandError.outputClosed) {
      try FileDescriptorWriter.write("x", to: ends[1])
    }
    close(ends[1])
    #if os(Linux)
      let full = open("/dev/full", O_WRONLY)
      #expect(throws: CommandError.outputFailed(reason: "No space left on device")) {
        try FileDescriptorWriter.write("x", to: full)
      }
      close(full)
    #endif
  }
}
