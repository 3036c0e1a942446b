import Foundation
import Networks
import Testing

@Suite("Places of JSON's faults") struct JSONFaultTests {
  @Test(
    "A file that is not JSON is refused with line, column and what is expected",
    arguments: [
      ("", "line 1, column 1: expected a value"),
      ("{\n  \"name\": \"a\"\n  \"input\": 1}", "line 3, column 3: expected ',' or '}'"),
      ("{\"a\": 1,}", "line 1, column 9: expected a key in double quotes"),
      ("{'a': 1}", "line 1, column 2: expected a key in double quotes"),
      ("{\"a\" 1}", "line 1, column 6: expected ':'"),
      ("[1, 2,]", "line 1, column 7: expected a value"),
      ("[1 2]", "line 1, column 4: expected ',' or ']'"),
      ("[1}", "line 1, column 3: expected ',' or ']'"),
      ("[01]", "line 1, column 3: expected ',' or ']'"),
      ("[1.]", "line 1, column 4: expected a digit"),
      ("[1e+]", "line 1, column 5: expected a digit"),
      ("[-]", "line 1, column 3: expected a value"),
      ("[nul]", "line 1, column 2: expected a value"),
      ("{} {}", "line 1, column 4: expected the end of the file"),
      ("[\"a\nb\"]", "line 1, column 4: expected the string's closing '\"'"),
      ("[\"\\q\"]", "line 1, column 4: expected an escape of JSON"),
      ("[\"\\u12g4\"]", "line 1, column 7: expected four hexadecimal digits"),
      ("// no comments", "line 1, column 1: expected a value"),
    ])
  func faults(text: String, fault: String) {
    let error = NetworkError.malformedJSON(fault)
    #expect(throws: error) { try Network(json: Data(text.utf8)) }
  }

  @Test("JSON of another form is refused for its form, not its grammar")
  func form() {
    let text = #"  {"a": [true, false, null, -0.5e-3, "\u00e9\n", {}, []], "b": {"c": {}}}  "#
    #expect(
      throws: NetworkError.unknownKey(
        "a", place: "the network",
        known: ["name", "input", "nodes", "output", "initialization"])
    ) { try Network(json: Data(text.utf8)) }
  }
}
