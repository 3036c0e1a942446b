import Foundation
import Networks
import Testing

@Suite("Families") struct FamilyTests {
  static let names = Variant.all.map(\.name)

  @Test("Every layer, attribute and tensor is PyTorch's", arguments: names)
  func layerTable(name: String) throws {
    let found = GoldenRow.all(try Variant.named(name).network())
    let expected = try Files.golden(name)
    for (found, expected) in zip(found, expected) where found != expected {
      Issue.record("\(name): \(found) where PyTorch has \(expected)")
    }
    #expect(found.count == expected.count)
  }

  @Test(
    "Parameter counts are the published ones",
    arguments: [
      ("vgg11", 132_863_336), ("vgg13", 133_047_848), ("vgg16", 138_357_544),
      ("vgg19", 143_667_240), ("googlenet-imagenet", 6_624_904), ("resnet18-imagenet", 11_689_512),
      ("resnet34-imagenet", 21_797_672), ("resnet50-imagenet", 25_557_032),
      ("densenet121", 7_978_856), ("alexnet-torchvision", 61_100_840),
    ])
  func publishedCount(name: String, count: Int) throws {
    #expect(try Variant.named(name).network().parameterCount == count)
  }

  @Test(
    "Multiply–accumulates are those that torchvision publishes, in thousands of millions",
    arguments: [
      ("alexnet-torchvision", 0.71), ("vgg11", 7.61), ("vgg13", 11.31), ("vgg16", 15.47),
      ("vgg19", 19.63), ("googlenet-imagenet", 1.5), ("resnet18-imagenet", 1.81),
      ("resnet34-imagenet", 3.66), ("resnet50-imagenet", 4.09), ("densenet121", 2.83),
    ])
  func publishedMACs(name: String, billions: Double) throws {
    let macs = Double(try Variant.named(name).network().macs) / 1e9
    // Published to two decimals.
    #expect(abs(macs - billions) <= 0.005)
  }

  @Test("JSON gives back every variant, and the same bytes again", arguments: names)
  func roundTrip(name: String) throws {
    let network = try Variant.named(name).network()
    let json = try network.json()
    let decoded = try Network(json: json)
    #expect(decoded == network)
    #expect(decoded.hashValue == network.hashValue)
    #expect(try decoded.json() == json)
    #expect(decoded.nodes.map(\.name) == network.nodes.map(\.name))
  }

  @Test("A variant's network carries its name and starts Xavier-uniform", arguments: names)
  func identity(name: String) throws {
    let network = try Variant.named(name).network()
    #expect(network.name == name)
    #expect(network.initialization == .xavierUniform)
  }

  @Test("An unknown model is refused with the names that are known")
  func unknownModel() {
    #expect(throws: NetworkError.unknownModel(name: "alexnett", known: Self.names)) {
      try Variant.named("alexnett")
    }
  }

  @Test("The eighteen variants are listed by year, each name once")
  func order() {
    #expect(Variant.all.map(\.year) == Variant.all.map(\.year).sorted())
    #expect(Set(Self.names).count == 18)
    #expect(Self.names.first == "lenet")
    #expect(Variant.all.allSatisfy { !$0.introduced.isEmpty && !$0.introduced.contains("\n") })
  }

  @Test("The table has a heading and a line a variant")
  func table() throws {
    let lines = try Variant.table().split(separator: "\n").map(String.init)
    #expect(lines.count == 19)
    #expect(lines[0].hasPrefix("name "))
    #expect(
      lines[1].split(separator: " ").prefix(6)
        == ["lenet", "1×28×28", "10", "61,706", "416,520", "1998"])
    for (line, variant) in zip(lines.dropFirst(), Variant.all) {
      #expect(line.hasPrefix(variant.name + " "))
      #expect(line.hasSuffix(variant.introduced))
    }
  }
}
