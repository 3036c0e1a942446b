import Foundation
import Networks
import TestSupport
import Testing

/// Network files of an attacker, or of somebody in a hurry: each is refused fast, with the node's
/// name, in one line.
@Suite("Hostile JSON") struct HostileJSONTests {
  private static func json(_ nodes: String, more: String = "") -> Data {
    Data(
      """
      {"name": "h", "input": {"channels": 1, "height": 28, "width": 28}, "nodes": [\(nodes)]\(more)}
      """.utf8)
  }

  private static func refusal(_ json: Data) throws -> String {
    let error = #expect(throws: NetworkError.self) { try Network(json: json) }
    let message = try #require(error).description
    #expect(message.split(separator: ": ").count >= 3, "WHAT: WHERE: WHAT TO DO, not \(message)")
    #expect(!message.contains { $0.isNewline })
    #expect(message.unicodeScalars.count < 600)
    return message
  }

  private static let head =
    #"{"name": "flat", "type": "Flatten"}, {"name": "fc", "type": "Linear", "outputFeatures": 10}"#

  @Test(
    "A fault of one node is refused with its name",
    arguments: [
      (#""type": "Conv3d", "outputChannels": 8"#, "unknown operation"),
      (#""type": "Conv2d", "kernelSize": 3"#, "'outputChannels' is missing"),
      (#""type": "Conv2d", "outputChannels": 8, "kernelSize": 3, "pading": 1"#, "'pading'"),
      (#""type": "ReLU", "kernelSize": 3"#, "'kernelSize'"),
      (#""type": "MaxPool2d", "kernelSize": 2, "countIncludesPadding": true"#, "unknown key"),
      (#""type": "Conv2d", "outputChannels": 8, "kernelSize": 3, "stride": -1"#, "stride = -1"),
      (#""type": "Conv2d", "outputChannels": 8, "kernelSize": 29"#, "29×29 over 1×28×28"),
      (#""type": "Conv2d", "outputChannels": 8, "kernelSize": 15, "dilation": 3"#, "43×43"),
      (#""type": "MaxPool2d", "kernelSize": 64"#, "64×64 over 1×28×28"),
      (#""type": "Conv2d", "outputChannels": 1000000000, "kernelSize": 3"#, "1000000000"),
      (#""type": "Conv2d", "outputChannels": 1e300, "kernelSize": 3"#, "outputChannels"),
      (#""type": "Conv2d", "outputChannels": 9223372036854775808, "kernelSize": 3"#, "outputCh"),
      (#""type": "Conv2d", "outputChannels": 8.5, "kernelSize": 3"#, "outputChannels"),
      (#""type": "Conv2d", "outputChannels": "8", "kernelSize": 3"#, "outputChannels"),
      (#""type": "Conv2d", "outputChannels": 8, "kernelSize": [3]"#, "kernelSize"),
      (#""type": "Conv2d", "outputChannels": 8, "kernelSize": [3, 3, 3]"#, "kernelSize"),
      (#""type": "Conv2d", "outputChannels": 8, "kernelSize": "3"#, "line 1, column"),
      (#""type": "MaxPool2d", "kernelSize": 2, "padding": 9223372036854775807"#, "padding"),
      (#""type": "AdaptiveAvgPool2d", "outputSize": 1048576"#, "tensor too large"),
      (#""type": "Conv2d", "outputChannels": 1048576, "kernelSize": 1"#, "tensor too large"),
      (#""type": "Dropout", "probability": 1e400"#, "probability"),
      (#""type": "BatchNorm2d", "epsilon": -1"#, "epsilon"),
      (#""type": "Linear", "outputFeatures": 10"#, "Flatten"),
      (#""type": "Add""#, "has 1"), (#""type": "Add", "inputs": ["input"]"#, "has 1"),
      (#""type": "ReLU", "inputs": ["input", "input"]"#, "has 2"),
      (#""type": "ReLU", "inputs": []"#, "has 0"),
      (#""type": "ReLU", "inputs": "input""#, "inputs"),
      (#""type": "ReLU", "inputs": ["nowhere"]"#, "'nowhere'"),
      (#""type": "ReLU", "inputs": ["bad"]"#, "cyclic"), (#""type": 7"#, "type"), ("", "type"),
      (#""type": "Concat", "inputs": ["input", "flat"]"#, "cyclic"),
    ])
  func oneNode(attributes: String, text: String) throws {
    let bad = #"{"name": "bad""# + (attributes.isEmpty ? "" : ", ") + attributes + "}"
    let message = try Self.refusal(Self.json(bad + ", " + Self.head))
    #expect(message.contains(text))
    // A file that is not JSON, or a cycle found from its other end, cannot name this node.
    if !text.hasPrefix("line"), !attributes.contains("\"flat\"") {
      #expect(message.contains("'bad'"))
    }
  }

  @Test(
    "A fault of the graph is refused",
    arguments: [
      (#"{"name": "flat", "type": "ReLU"}, "# + head, "", "duplicate node name: 'flat'"),
      (#"{"name": "input", "type": "ReLU"}, "# + head, "", "invalid node name: 'input'"),
      (#"{"name": "a/b", "type": "ReLU"}, "# + head, "", "invalid node name: 'a/b'"),
      (#"{"name": "..", "type": "ReLU"}, "# + head, "", "invalid node name: '..'"),
      (#"{"name": "", "type": "ReLU"}, "# + head, "", "invalid node name: ''"),
      (#"{"name": "a\nb", "type": "ReLU"}, "# + head, "", "invalid node name: 'a\\nb'"),
      (#"{"name": "a\u0000b", "type": "ReLU"}, "# + head, "", "invalid node name"),
      (#"{"name": "\u202Etxt", "type": "ReLU"}, "# + head, "", "invalid node name"),
      (#"{"type": "ReLU"}, "# + head, "", "nodes[0]: 'name' is missing"),
      (#"7, "# + head, "", "nodes[0]"), ("", "", "wrong number of nodes: 0"),
      (head, #", "output": "nowhere""#, "unknown output: 'nowhere'"),
      (head, #", "output": "input""#, "unknown output: 'input'"),
      (head, #", "output": "flat""#, "unused node: 'fc'"),
      (head, #", "initialization": "zeros""#, "'zeros' is none of xavier-uniform, he-normal"),
      (head, #", "outputs": "fc""#, "'outputs'"),
      (
        #"{"name": "a", "type": "ReLU"}, {"name": "b", "type": "ReLU", "inputs": ["input"]}, "#
          + head, "", "unused node: 'a'"
      ),
      (#"{"name": "a", "type": "ReLU"}"#, "", "output is not a vector: node 'a' gives 1×28×28"),
      (
        #"{"name": "a", "type": "ReLU", "inputs": ["c"]}, {"name": "b", "type": "ReLU"}, "#
          + #"{"name": "c", "type": "ReLU"}, "# + head, "", "cyclic network: node 'a'"
      ),
      (
        #"{"name": "a", "type": "MaxPool2d", "kernelSize": 2}, "#
          + #"{"name": "sum", "type": "Add", "inputs": ["a", "input"]}, "# + head,
        "", "node 'sum' got 1×14×14 and 1×28×28"
      ),
    ])
  func graph(nodes: String, more: String, text: String) throws {
    let message = try Self.refusal(Self.json(nodes, more: more))
    #expect(message.contains(text))
  }

  @Test(
    "An absurd input is refused",
    arguments: [
      #"{"channels": 0, "height": 28, "width": 28}"#,
      #"{"channels": 1, "height": -28, "width": 1}"#,
      #"{"channels": 1, "height": 1000000000, "width": 28}"#,
      #"{"channels": 65536, "height": 65536, "width": 65536}"#,
      #"{"channels": 1, "height": 28}"#, #"{"channels": 1, "height": 28, "width": 2, "depth": 1}"#,
      #"[1, 28, 28]"#, "null",
    ])
  func input(input: String) throws {
    let text = #"{"name": "h", "input": \#(input), "nodes": [\#(Self.head)]}"#
    #expect(try Self.refusal(Data(text.utf8)).contains("input"))
  }

  @Test("A name of a megabyte is refused in a short line")
  func longNames() throws {
    let long = String(repeating: "x", count: 1 << 20)
    for node in [
      #"{"name": "\#(long)", "type": "ReLU"}"#, #"{"name": "a", "type": "\#(long)"}"#,
      #"{"name": "a", "type": "ReLU", "inputs": ["\#(long)"]}"#,
      #"{"name": "a", "type": "ReLU", "\#(long)": 1}"#,
    ] {
      #expect(try Self.refusal(Self.json(node + ", " + Self.head)).contains("xxx…"))
    }
    let text = #"{"name": "\#(long)", "input": {"channels": 1, "height": 1, "width": 1},"#
    let json = Data((text + #""nodes": [\#(Self.head)]}"#).utf8)
    #expect(try Self.refusal(json).contains("invalid network name"))
  }

  @Test("Layers that fit one by one but not together are refused at the one that is too much")
  func totals() throws {
    let layers = (0..<8).map {
      #"{"name": "big\#($0)", "type": "Linear", "outputFeatures": 16000}"#
    }
    let nodes = ([#"{"name": "flat", "type": "Flatten"}"#] + layers).joined(separator: ", ")
    #expect(try Self.refusal(Self.json(nodes)).contains("too many parameters: at node 'big5'"))
  }

  @Test(
    "100,000 nodes, and a list nested 100,000 deep, are refused within two seconds of the processor's"
  )
  func bombs() throws {
    let many = (0..<100_000).map { #"{"name":"n\#($0)","type":"ReLU"}"# }.joined(separator: ",")
    let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    let objects = String(repeating: #"{"a":"#, count: 50_000)
    let files = [Self.json(many), Self.json(deep), Data(deep.utf8), Data(objects.utf8)]
    var messages: [String] = []
    let seconds = try processorSeconds { messages = try files.map(Self.refusal) }
    #expect(messages[0].contains("wrong number of nodes: 100000"))
    #expect(messages.dropFirst().allSatisfy { $0.contains("at most 64 levels of nesting") })
    #expect(seconds < 2)
  }

  @Test(
    "A dense graph of 2,000 nodes and 2 million edges is read within two seconds of the processor's"
  )
  func denseGraph() throws {
    let nodes = (0..<2000).map { index in
      let inputs = (max(0, index - 1000)..<index).map { "n\($0)" } + ["input", "input"]
      return Node("n\(index)", .add, inputs: Array(inputs.suffix(1024)))
    }
    let all = nodes + [Node("flat", .flatten, inputs: ["n1999"])]
    let shape = TensorShape(channels: 1, height: 2, width: 2)
    let seconds = try processorSeconds {
      _ = try Network(name: "dense", input: shape, nodes: all.reversed(), output: "flat")
    }
    #expect(seconds < 2)
  }

  @Test("A file cut at any byte is refused")
  func truncated() throws {
    let json = Self.json(#"{"name": "r", "type": "Tanh", "inputs": ["input"]}, "# + Self.head)
    #expect(throws: Never.self) { try Network(json: json) }
    for length in 0..<json.count {
      #expect(throws: NetworkError.self, "\(length) bytes") {
        try Network(json: json.prefix(length))
      }
    }
  }

  @Test("A file with any byte changed is read as a network or refused, never a trap")
  func changed() throws {
    let json = try Files.data("Samples/tiny-resnet.json")
    var generator = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: .min ... .max, using: &generator)
    var state = seed
    for _ in 0..<2000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var bytes = json
      bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 24)
      do {
        let network = try Network(json: bytes)
        #expect(try Network(json: network.json()) == network, "seed \(seed)")
      } catch let error as NetworkError {
        #expect(!error.description.contains { $0.isNewline }, "seed \(seed)")
      }
    }
  }
}
