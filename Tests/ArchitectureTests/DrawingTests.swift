import Foundation
import Testing

@Suite("Drawing of modules")
struct DrawingTests {
  @Test("Docs shows the modules and imports of the sources: see Scripts/draw-modules --write")
  func drawing() throws {
    _ = try Checkout.output(of: "Scripts/draw-modules", [])
  }
}
