import Foundation
import Networks
import TestSupport
import Testing

@Suite("Graph") struct GraphTests {
  private static let shape = TensorShape(channels: 1, height: 6, width: 6)

  private static func network(_ nodes: [Node], output: String) throws -> Network {
    try Network(name: "n", input: shape, nodes: nodes, output: output)
  }

  @Test("Nodes in any order come out after their inputs, otherwise as given")
  func order() throws {
    let nodes = [
      Node("fc", .linear(.init(outputFeatures: 2)), inputs: ["flat"]),
      Node("flat", .flatten, inputs: ["sum"]),
      Node("sum", .add, inputs: ["b", "a"]),
      Node("a", .relu, inputs: ["input"]),
      Node("b", .tanh, inputs: ["input"]),
    ]
    let network = try Self.network(nodes, output: "fc")
    #expect(network.nodes.map(\.name) == ["b", "a", "sum", "flat", "fc"])
    let again = try Self.network(network.nodes, output: "fc")
    #expect(again == network)
  }

  @Test("Look-ups by name")
  func lookUps() throws {
    let network = try Variant.named("resnet18").network()
    for (position, node) in network.nodes.enumerated() {
      #expect(network.node(named: node.name) == node)
      #expect(network.position(of: node.name) == position)
      let readers = network.nodes.filter { $0.inputs.contains(node.name) }
      #expect(network.readers(of: node.name) == readers)
      #expect(network.inputShapes(of: node) == node.inputs.map(network.shape))
    }
    #expect(network.readers(of: Network.inputName).map(\.name) == ["conv1"])
    #expect(network.node(named: "input") == nil)
    #expect(network.position(of: "layer9") == nil)
  }

  @Test("A value that is added to itself has one reader")
  func twice() throws {
    let builder = NetworkBuilder("double", channels: 1, height: 2, width: 2)
    let value = builder.input.flatten()
    let network = try builder.network(output: value.adding(value))
    #expect(network.readers(of: "flatten1").count == 1)
    #expect(network.classCount == 4)
  }

  @Test("10,000 nodes in a chain, backwards, are ordered within a second of the processor's")
  func longChain() throws {
    var nodes = [Node("n0", .flatten, inputs: ["input"])]
    for index in 1..<10_000 { nodes.append(Node("n\(index)", .relu, inputs: ["n\(index - 1)"])) }
    var network: Network?
    let seconds = try processorSeconds {
      network = try Self.network(nodes.reversed(), output: "n9999")
    }
    #expect(network?.nodes == nodes)
    #expect(seconds < 1)
  }

  @Test("The builder writes every attribute that an operation has")
  func builder() throws {
    let builder = NetworkBuilder("b", channels: 4, height: 17, width: 15)
    let first = builder.input
      .convolution(
        "c", 6, kernel: 3, stride: 2, padding: 2, dilation: 2, groups: 2, bias: false
      )
      .batchNorm("n", epsilon: 1e-3, momentum: 0.2)
      .localResponseNorm(5, alpha: 2e-4, beta: 0.5, k: 2)
      .averagePool(3, stride: 2, padding: 1, ceilMode: true, countIncludesPadding: false)
      .maxPool(2, stride: 1, padding: 1, ceilMode: true)
    let other = first.tanh()
    let scores = first.sigmoid().concatenated(with: [other, other]).adaptiveAveragePool(2)
      .flatten().dropout(0.25).linear("y", 3, bias: false)
    let network = try builder.network(output: scores, initialization: .heNormal)
    let pool = NodeOperation.Pooling(
      kernelSize: 3, stride: 2, padding: 1, ceilMode: true, countIncludesPadding: false)
    #expect(
      network.nodes.prefix(5).map(\.operation) == [
        .convolution(
          .init(
            outputChannels: 6, kernelSize: 3, stride: 2, padding: 2, dilation: 2, groups: 2,
            bias: false)),
        .batchNorm(.init(epsilon: 1e-3, momentum: 0.2)),
        .localResponseNorm(.init(size: 5, alpha: 2e-4, beta: 0.5, k: 2)), .averagePool(pool),
        .maxPool(.init(kernelSize: 2, stride: 1, padding: 1, ceilMode: true)),
      ])
    #expect(network.parameters.map(\.key).contains("n.running_var"))
    #expect(network.parameterCount == 6 * 2 * 9 + 2 * 6 + 3 * 18 * 4)
    #expect(try Network(json: network.json()) == network)
  }

  @Test("Networks that differ in one attribute are not equal")
  func equality() throws {
    let lenet = try Variant.named("lenet").network()
    #expect(try lenet != lenet.adapted(classes: 9))
    #expect(try lenet != lenet.adapted(imageSize: 32))
    let renamed = try Network(
      name: "other", input: lenet.input, nodes: lenet.nodes, output: lenet.output)
    #expect(renamed != lenet)
    let started = try Network(
      name: lenet.name, input: lenet.input, nodes: lenet.nodes, output: lenet.output,
      initialization: .heNormal)
    #expect(started != lenet)
  }
}
