import Foundation
import Testing

@Suite("The README's figures")
struct ReadmeTableTests {
  @Test("The table of speed is what the committed results say")
  func speed() throws {
    _ = try Checkout.output(of: "Benchmarks/readme_table.py", ["--check"])
  }
}
