import Networks
import Testing

@Suite("Summary") struct SummaryTests {
  @Test("AlexNet's summary, whole")
  func alexnet() throws {
    let expected = """
      """
    #expect(try Variant.named("alexnet").network().summary == expected)
  }

  @Test("The ImageNet original starts with a 54×54 map")
  func original() throws {
    let lines = try Variant.named("alexnet-imagenet").network().summary.split(separator: "\n")
    let words = lines[1].split(separator: " ").joined(separator: " ")
    #expect(words.hasPrefix("Conv2d output shape: 1×96×54×54 conv1 34,944 parameters "))
  }

  @Test("Every line of every summary has no spaces at its end", arguments: Variant.all.map(\.name))
  func lines(name: String) throws {
    let network = try Variant.named(name).network()
    let lines = network.summary.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == network.nodes.count + 2)
    #expect(lines.allSatisfy { !$0.isEmpty && !$0.hasSuffix(" ") })
  }

  @Test(
    "Digits are grouped in threes",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (46_764_746, "46,764,746"), (-1234, "-1,234"),
      (Int.min, "-9,223,372,036,854,775,808"),
    ])
  func grouping(number: Int, text: String) {
    #expect(number.grouped == text)
  }
}
