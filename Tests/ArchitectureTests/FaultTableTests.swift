import Foundation
import Testing

@Suite("The table of faults")
struct FaultTableTests {
  private struct Row: Sendable, CustomTestStringConvertible {
    let number: Int
    let tests: [(target: String, suite: String, function: String)]
    var testDescription: String { "row \(number)" }
  }

  private static let rows: [Row] = {
    let url = Checkout.root.appendingPathComponent("Docs/faults.md")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 4, let number = Int(cells[0]) else { return nil }
      let tests = cells[3].matches(of: #/`(\w+)\/(\w+)\.(\w+)`/#).map {
        (String($0.output.1), String($0.output.2), String($0.output.3))
      }
      return Row(number: number, tests: tests)
    }
  }()

  @Test("It has 24 rows")
  func complete() { #expect(Self.rows.map(\.number) == Array(1...24)) }

  @Test("Every test that it names exists", arguments: rows)
  private func named(row: Row) throws {
    #expect(!row.tests.isEmpty)
    for test in row.tests {
      let found = try Checkout.swiftFiles(in: "Tests/\(test.target)").contains { file in
        let text = try String(contentsOf: file, encoding: .utf8)
        // The function follows the suite's declaration, and an attribute that makes it a test.
        let suite = text.range(of: "struct \(test.suite)[ :{]", options: .regularExpression)
        guard let suite else { return false }
        let name = "(?s)@Test(?:(?!\\n  \\}).)*?func \(test.function)\\("
        return text[suite.upperBound...].range(of: name, options: .regularExpression) != nil
      }
      #expect(found, "\(test.target)/\(test.suite).\(test.function)")
    }
  }
}
