import Foundation
import Testing

@Suite("The README's figures")
struct ReadmeTableTests {
  private static func text(_ path: String) throws -> String {
    try String(contentsOf: Checkout.root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("Every row beside other runtimes is one that Benchmarks/compare wrote")
  func peers() throws {
    let readme = try Self.text("README.md")
    let tables = readme.matches(
      of: #/<!-- (?<name>compare-\w+) -->\n(?<rows>(?s:.*?))<!-- end of \k<name> -->/#)
    #expect(!tables.isEmpty)
    for table in tables {
      let written = Set(
        try Self.text("Benchmarks/results/\(table.output.name).md").split(separator: "\n"))
      let rows = table.output.rows.split(separator: "\n")
      #expect(rows.count { $0.hasPrefix("| `") } > 1)
      for row in rows { #expect(written.contains(row), "\(row)") }
    }
  }
}
