import Formatting
import Networks
import Testing

@Suite("Summary") struct SummaryTests {
  @Test("AlexNet's summary, whole")
  func alexnet() throws {
    let expected = """
      alexnet  input shape: 1×1×224×224
      Conv2d     output shape: 1×96×54×54   conv1     11,712 parameters      33,872,256 MACs
      ReLU       output shape: 1×96×54×54   relu1
      MaxPool2d  output shape: 1×96×26×26   pool1
      Conv2d     output shape: 1×256×26×26  conv2     614,656 parameters     415,334,400 MACs
      ReLU       output shape: 1×256×26×26  relu2
      MaxPool2d  output shape: 1×256×12×12  pool2
      Conv2d     output shape: 1×384×12×12  conv3     885,120 parameters     127,401,984 MACs
      ReLU       output shape: 1×384×12×12  relu3
      Conv2d     output shape: 1×384×12×12  conv4     1,327,488 parameters   191,102,976 MACs
      ReLU       output shape: 1×384×12×12  relu4
      Conv2d     output shape: 1×256×12×12  conv5     884,992 parameters     127,401,984 MACs
      ReLU       output shape: 1×256×12×12  relu5
      MaxPool2d  output shape: 1×256×5×5    pool3
      Flatten    output shape: 1×6400       flatten1
      Linear     output shape: 1×4096       fc6       26,218,496 parameters  26,214,400 MACs
      ReLU       output shape: 1×4096       relu6
      Dropout    output shape: 1×4096       drop1
      Linear     output shape: 1×4096       fc7       16,781,312 parameters  16,777,216 MACs
      ReLU       output shape: 1×4096       relu7
      Dropout    output shape: 1×4096       drop2
      Linear     output shape: 1×10         fc8       40,970 parameters      40,960 MACs
      total  46,764,746 parameters  938,146,176 MACs  10 classes
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
