import Foundation
import Testing

@Suite("Docs/architecture.md")
struct ArchitectureDocumentTests {
  @Test("The modules and imports are those of the sources: see Scripts/draw-modules --write")
  func drawing() throws {
    _ = try Checkout.output(of: "Scripts/draw-modules", [])
  }

  @Test("Every type that it names is declared in the sources")
  func names() throws {
    let page = try Checkout.text("Docs/architecture.md")
    let sources = try Checkout.swiftFiles(in: "Sources").map {
      try String(contentsOf: $0, encoding: .utf8)
    }.joined()
    let declared = Set(
      sources.matches(of: #/\b(?:struct|class|enum|protocol|actor|typealias) (\w+)/#)
        .map { String($0.output.1) })
    let known = declared.union(try Checkout.folders(in: "Sources"))
      .union(["QuantizeLinear", "DequantizeLinear"])
    let named = page.matches(of: #/`([A-Z]\w+)(?:\([\w:]*\))?`/#).map { String($0.output.1) }
    #expect(named.count > 40)
    for name in Set(named).subtracting(known) { Issue.record("no type \(name)") }
  }
}
