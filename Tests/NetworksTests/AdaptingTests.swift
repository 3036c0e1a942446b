import Networks
import Testing

@Suite("Adapting a network") struct AdaptingTests {
  static let names = Variant.all.map(\.name)

  @Test("Every variant takes another number of classes", arguments: names)
  func classes(name: String) throws {
    let network = try Variant.named(name).network()
    let adapted = try network.adapted(classes: 7)
    #expect(adapted.classCount == 7)
    #expect(adapted.input == network.input)
    let changed = zip(network.nodes, adapted.nodes).filter { $0.0 != $0.1 }.map(\.0.name)
    #expect(
      changed
        == (name == "nin" ? ["block4.conv1", "block4.conv2", "block4.conv3"] : [network.output]))
    #expect(try adapted.adapted(classes: network.classCount) == network)
  }

  @Test("Every variant takes one or three channels", arguments: names)
  func channels(name: String) throws {
    let network = try Variant.named(name).network()
    let other = network.input.channels == 1 ? 3 : 1
    let adapted = try network.adapted(channels: other)
    #expect(adapted.input.channels == other)
    #expect(adapted.nodes == network.nodes)
    let first = try #require(network.parameters.first)
    let changed = try #require(adapted.parameters.first)
    #expect(changed.shape[1] == other && changed.shape[0] == first.shape[0])
    #expect(network.parameters.dropFirst() == adapted.parameters.dropFirst())
  }

  @Test(
    "Another image size changes the maps, and the first linear layer where no pool fixes its length",
    arguments: [
      ("alexnet", 96, 256), ("lenet", 32, 576), ("vgg11-small", 64, 512), ("vgg11", 64, 25088),
      ("resnet18", 64, 512), ("googlenet", 64, 1024), ("densenet", 64, 248),
    ])
  func imageSize(name: String, size: Int, features: Int) throws {
    let network = try Variant.named(name).network().adapted(imageSize: size)
    #expect(network.input.height == size && network.input.width == size)
    let flatten = try #require(network.nodes.first { $0.operation == .flatten })
    #expect(network.shape(of: flatten.name) == TensorShape(features: features))
  }

  @Test("Nothing to change gives the same network")
  func unchanged() throws {
    let network = try Variant.named("lenet").network()
    #expect(try network.adapted(classes: 10) == network)
    #expect(try network.adapted(channels: 1, imageSize: 28) == network)
  }

  @Test("An image too small for a layer is refused with the layer's name")
  func tooSmall() throws {
    let network = try Variant.named("alexnet").network()
    let error = #expect(throws: NetworkError.self) { try network.adapted(imageSize: 28) }
    #expect(try #require(error).description.contains("'pool2'"))
  }

  @Test(
    "Absurd sizes are refused", arguments: [0, -1, 100_000, Int.max, Int.min])
  func absurd(value: Int) throws {
    let network = try Variant.named("lenet").network()
    #expect(throws: NetworkError.self) { try network.adapted(imageSize: value) }
    #expect(throws: NetworkError.self) { try network.adapted(channels: value) }
    // ImageNet-21k has 21,841 classes; a hundred thousand are not absurd.
    if value != 100_000 {
      #expect(throws: NetworkError.self) { try network.adapted(classes: value) }
    }
  }

  @Test("A network without one head is not adaptable")
  func noHead() throws {
    let builder = NetworkBuilder("sum", channels: 1, height: 4, width: 4)
    let features = builder.input.flatten()
    let sum = features.linear("a", 3).adding(features.linear("b", 3))
    let network = try builder.network(output: sum)
    let error = #expect(throws: NetworkError.self) { try network.adapted(classes: 4) }
    #expect(try #require(error).description.contains("joins several branches"))

    let bare = NetworkBuilder("bare", channels: 1, height: 4, width: 4)
    let vector = try bare.network(output: bare.input.flatten())
    #expect(throws: NetworkError.self) { try vector.adapted(classes: 4) }

    let wide = NetworkBuilder("wide", channels: 1, height: 4, width: 4)
    let map = try wide.network(output: wide.input.convolution("c", 2, kernel: 1).flatten())
    #expect(throws: NetworkError.self) { try map.adapted(classes: 4) }
  }
}
