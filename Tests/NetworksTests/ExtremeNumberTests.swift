import Foundation
import Networks
import TestSupport
import Testing

@Suite("Extreme numbers") struct ExtremeNumberTests {
  private static let extremes = [
    "0", "-1", "1", "7", "1048576", "1048577", "2147483648", "4611686018427387904",
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e19", "1e308", "1e400",
    "0.5", "-0.0", "5e-324", "true", "null", "\"3\"", "[]", "[9223372036854775807, 1]", "{}",
  ]

  private static func json(_ kind: NodeOperation.Kind, _ values: [String: String]) -> Data {
    let attributes = values.sorted { $0.key < $1.key }.map { #", "\#($0.key)": \#($0.value)"# }
    let isJoin = kind.definition.inputCount.lowerBound > 1
    let inputs = isJoin ? #", "inputs": ["input", "input"]"# : ""
    let flat = kind == .linear ? #"{"name": "first", "type": "Flatten"},"# : ""
    let last = kind == .linear ? "" : #", {"name": "last", "type": "Flatten"}"#
    return Data(
      """
      {"name": "x", "input": {"channels": 4, "height": 7, "width": 6}, "nodes": [\(flat)
        {"name": "node", "type": "\(kind.rawValue)"\(inputs)\(attributes.joined())}\(last)]}
      """.utf8)
  }

  /// Reads, and if that succeeds, writes and reads again.
  private static func read(_ json: Data) throws {
    do {
      let network = try Network(json: json)
      #expect(try Network(json: network.json()) == network)
      #expect(network.classCount > 0 && network.parameterCount >= 0 && network.macs >= 0)
    } catch let error as NetworkError {
      #expect(error.description.contains("'node'"), "\(error)")
    }
  }

  @Test(
    "One attribute at an extreme gives a network or names the node",
    arguments: NodeOperation.Kind.allCases)
  func single(kind: NodeOperation.Kind) throws {
    let usual = try kind.sampleAttributes()
    #expect(throws: Never.self) { try Network(json: Self.json(kind, usual)) }
    for key in usual.keys {
      for extreme in Self.extremes {
        try Self.read(Self.json(kind, usual.merging([key: extreme]) { $1 }))
      }
    }
  }

  @Test(
    "Every pair of attributes at extremes gives a network or names the node",
    arguments: [NodeOperation.Kind.convolution, .maxPool, .averagePool])
  func pairs(kind: NodeOperation.Kind) throws {
    let usual = try kind.sampleAttributes()
    let numbers = Self.extremes.prefix(10)
    for first in usual.keys {
      for second in usual.keys where second > first {
        for one in numbers {
          for two in numbers {
            try Self.read(Self.json(kind, usual.merging([first: one, second: two]) { $1 }))
          }
        }
      }
    }
  }
}
