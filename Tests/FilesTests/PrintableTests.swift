import Files
import Testing

@Suite("Printable names")
struct PrintableTests {
  @Test(
    "What breaks lines, steers terminals or hides is escaped; what is visible stays",
    arguments: [
      ("plain", "plain"), ("a\nb\tc", "a\\nb\\tc"), ("\u{1B}[31m", "\\u{1B}[31m"),
      ("\u{202E}c", "\\u{202E}c"), ("\u{85}\u{2028}", "\\u{85}\\u{2028}"),
      ("\u{E0001}", "\\u{E0001}"), ("ü 語 👩‍👧", "ü 語 👩‍👧"), ("a\\b'", "a\\b'"), ("", ""),
    ])
  func escapes(text: String, expected: String) {
    #expect(text.printable == expected)
    #expect(text.quoted == "'\(expected)'")
  }

  @Test("Long names are cut")
  func cut() {
    let name = String(repeating: "x", count: 81)
    #expect(name.singleLine == name.dropLast() + "…")
    #expect(name.printable == name)
  }
}
