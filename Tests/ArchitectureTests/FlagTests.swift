import Foundation
import Testing

@Suite("Flags")
struct FlagTests {
  /// The flags that every program has: `CommandSupport` defines them.
  private static let common: Set = ["--help", "--version"]

  @Test("No library's text names a flag: programs add which one", arguments: DependencyRules.all)
  func libraries(rule: DependencyRules.Rule) throws {
    guard !rule.target.hasPrefix("cnn-") else { return }
    for file in Checkout.swiftFiles(in: "Sources/\(rule.target)") {
      let text = try String(contentsOf: file, encoding: .utf8)
      for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      where line.contains("--") && !line.drop(while: \.isWhitespace).hasPrefix("//") {
        let named = flags(in: line).subtracting(Self.common)
        #expect(named.isEmpty, "\(file.path):\(index + 1) names \(named.sorted())")
      }
    }
  }

  @Test("Flags are told from decrements, rules and CSS variables")
  func pattern() {
    #expect(flags(in: #""try a smaller --lr; or (--batch-size)""#) == ["--lr", "--batch-size"])
    #expect(flags(in: #"style="--shade:3%" --card: #fff; var(--card)"#).isEmpty)
    #expect(flags(in: "a --- b -- c").isEmpty)
  }

  private func flags(in line: Substring) -> Set<String> {
    Set(
      line.matches(of: #/(?:^|[\s"'(=])(--[a-z]+(?:-[a-z]+)*)(?![-a-z:])/#).map { match in
        String(match.output.1)
      }
    ).subtracting(variables(in: line))
  }

  /// `var(--card)` of a style sheet.
  private func variables(in line: Substring) -> Set<String> {
    Set(line.matches(of: #/var\((--[a-z-]+)\)/#).map { String($0.output.1) })
  }
}
