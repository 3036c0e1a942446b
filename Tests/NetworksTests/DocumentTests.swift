import Foundation
import Networks
import Testing

@Suite("The JSON document and sample") struct DocumentTests {
  private static let document = "Docs/network-json.md"

  @Test("Every operation is in the document with its own attributes")
  func operations() throws {
    let lines = try Files.text(Self.document).split(separator: "\n")
    for kind in NodeOperation.Kind.allCases {
      let row = try #require(
        lines.first { $0.hasPrefix("| `\(kind.rawValue)` |") }, "\(kind.rawValue)")
      let attributes = try #require(row.split(separator: "|").last)
      let expected = kind.definition.keys.map { "`\($0.stringValue)`" }.joined(separator: ", ")
      #expect(attributes.trimmingCharacters(in: .whitespaces) == expected)
    }
  }

  @Test(
    "Every attribute has its row",
    arguments: Set(NodeOperation.Kind.allCases.flatMap { $0.definition.keys }))
  func attribute(key: OperationKey) throws {
    #expect(try Files.text(Self.document).contains("\n| `\(key.stringValue)` | "))
  }

  @Test("The example in the document is a network of 10 classes")
  func example() throws {
    let text = try Files.text(Self.document)
    let blocks = text.components(separatedBy: "```json\n").dropFirst()
    #expect(blocks.count == 1)
    for block in blocks {
      let json = try #require(block.components(separatedBy: "```").first)
      #expect(try Network(json: Data(json.utf8)).classCount == 10)
    }
  }

  @Test("The document's error message is the program's")
  func message() throws {
    let error = NetworkError.kernelTooLarge(
      node: "conv2", kernel: 5, input: TensorShape(channels: 8, height: 3, width: 3))
    #expect(try Files.text(Self.document).contains("\n\(error)\n"))
  }

  @Test("Defaults in JSON are those of the document")
  func defaults() throws {
    let json = """
      {"name": "d", "input": {"channels": 2, "height": 9, "width": 9}, "nodes": [
        {"name": "c", "type": "Conv2d", "outputChannels": 4, "kernelSize": [3, 5]},
        {"name": "b", "type": "BatchNorm2d"}, {"name": "l", "type": "LocalResponseNorm", "size": 3},
        {"name": "m", "type": "MaxPool2d", "kernelSize": 2},
        {"name": "a", "type": "AvgPool2d", "kernelSize": [3, 2]},
        {"name": "g", "type": "AdaptiveAvgPool2d"}, {"name": "d", "type": "Dropout"},
        {"name": "f", "type": "Flatten"}, {"name": "y", "type": "Linear", "outputFeatures": 3}]}
      """
    let network = try Network(json: Data(json.utf8))
    let operations: [NodeOperation] = [
      .convolution(.init(outputChannels: 4, kernelSize: Extent(height: 3, width: 5))),
      .batchNorm(.init(epsilon: 1e-5, momentum: 0.1)),
      .localResponseNorm(.init(size: 3, alpha: 1e-4, beta: 0.75, k: 1)),
      .maxPool(.init(kernelSize: 2, stride: 2)),
      .averagePool(
        .init(kernelSize: Extent(height: 3, width: 2), stride: Extent(height: 3, width: 2))),
      .adaptiveAveragePool(1), .dropout(probability: 0.5), .flatten,
      .linear(.init(outputFeatures: 3)),
    ]
    #expect(network.nodes.map(\.operation) == operations)
    #expect(network.nodes.map(\.inputs) == [["input"]] + network.nodes.dropLast().map { [$0.name] })
    #expect(network.output == "y")
    #expect(network.initialization == .xavierUniform)
  }

  @Test("The sample network is a small residual network with a joined branch")
  func sample() throws {
    let network = try Network(json: try Files.data("Samples/tiny-resnet.json"))
    #expect(network.input == TensorShape(channels: 1, height: 28, width: 28))
    #expect(network.classCount == 10)
    #expect(network.initialization == .heNormal)
    // Convolutions, batch norms' γ and β, and the linear layer.
    let convolutions = 16 * 9 + 2 * 16 * 16 * 9 + 16 * 32 * 9
    #expect(network.parameterCount == convolutions + 2 * (16 * 3 + 32) + 48 * 10 + 10)
    #expect(network.node(named: "residual")?.inputs == ["bn3", "pool1"])
    #expect(network.readers(of: "relu3").map(\.name) == ["conv4", "pool2"])
    #expect(network.shape(of: "join").dimensions == [48, 7, 7])
    #expect(try Network(json: network.json()) == network)
  }

  @Test("The demonstration's network has two convolutions and two linear layers")
  func demonstration() throws {
    let network = try Network(json: try Files.data("Samples/small-cnn.json"))
    #expect(network.input == TensorShape(channels: 1, height: 28, width: 28))
    let convolutions = 16 * (9 + 1) + 32 * (16 * 9 + 1)
    #expect(network.parameterCount == convolutions + 128 * (1568 + 1) + 10 * (128 + 1))
  }
}
