import CheckpointWriting
import Checkpoints
import Foundation
import Networks
import Tensors
import Testing

@Suite("Checkpoints come back as they were written")
struct RoundTripTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("Every part comes back", arguments: Example.Kind.allCases)
  func everyPart(kind: Example.Kind) throws {
    let checkpoint = try kind.checkpoint()
    let path = folder.file("a.h5")
    try checkpoint.write(to: path)
    let found = try Checkpoint(contentsOf: path, options: .trainingState)
    #expect(contents(found) == contents(checkpoint))
    #expect(try folder.names == ["a.h5"])
  }

  @Test("Without being asked for, the optimiser's tensors stay in the file")
  func optimizerIsOptional() throws {
    let path = folder.file("a.h5")
    try Example.trained().write(to: path)
    let training = try #require(try Checkpoint(contentsOf: path).training)
    #expect(training.optimizer.isEmpty)
    #expect(training.history.map(\.name) == ["trainLoss", "testLoss"])
    #expect(training.seed == UInt64.max - 5)
  }

  @Test("Equal checkpoints give equal bytes, others do not")
  func equalBytes() throws {
    for (name, seed) in [("a", 3), ("b", 3), ("c", 4)] as [(String, UInt64)] {
      try Example.trained(seed: seed).write(to: folder.file(name))
      Thread.sleep(forTimeInterval: 1.1)
    }
    #expect(try bytes(of: folder.file("a")) == bytes(of: folder.file("b")))
    #expect(try bytes(of: folder.file("a")) != bytes(of: folder.file("c")))
  }

  @Test("Weights are views of the file: they outlive its name and its replacement")
  func viewsOutliveTheFile() throws {
    let path = folder.file("a.h5")
    try Example.plain(seed: 1).write(to: path)
    let old = try Checkpoint(contentsOf: path)
    try Example.plain(seed: 2).write(to: path)
    try FileManager.default.removeItem(atPath: path)
    #expect(try contents(old) == contents(Example.plain(seed: 1)))
    for tensors in old.weights.nodes.values {
      for tensor in tensors.parameters.values {
        let address = tensor.withBytes { Int(bitPattern: $0.baseAddress) }
        #expect(address % 64 == 0)
      }
    }
  }

  @Test("A checkpoint without labels, epochs or optimiser is whole")
  func emptyParts() throws {
    var checkpoint = try Example.plain()
    checkpoint.labels = []
    checkpoint.training = TrainingRecord(
      epoch: 0, step: 0, seed: 0, recipe: "",
      history: [HistoryColumn(name: "trainLoss", values: [])])
    let path = folder.file("a.h5")
    try checkpoint.write(to: path)
    #expect(try contents(Checkpoint(contentsOf: path)) == contents(checkpoint))
  }

  @Test("The file's description tells length, version, producer and precision")
  func description() throws {
    let path = folder.file("a.h5")
    try Example.quantized().write(to: path, producer: "tester 1.0")
    let description = try CheckpointFile.read(path).description
    #expect(description.bytes == (try bytes(of: path)).count)
    #expect(description.version == 1)
    #expect(description.producer == "tester 1.0")
    #expect(description.precision == .mixed)
    #expect(Example.weightsPrecision(int8: ["conv1", "fc"]) == .int8)
    #expect(Example.weightsPrecision(int8: []) == .fp32)
  }

  @Test("The seal is the length and the XXH3-128 of the rest, then zeros")
  func seal() throws {
    let path = folder.file("a.h5")
    try Example.plain().write(to: path)
    let data = try bytes(of: path)
    let block = data.prefix(512)
    let lines = String(decoding: block, as: UTF8.self).split(separator: "\n")
    #expect(lines[0] == "cnn-checkpoint 1")
    #expect(Int(lines[1]) == data.count - 512)
    #expect(lines[2].count == 32)
    #expect(lines[3].utf8.allSatisfy { $0 == 0 })
    #expect(data.dropFirst(512).starts(with: [0x89, 0x48, 0x44, 0x46]))
  }

  @Test("A thousand nodes come back, in a file whose groups need more than one block")
  func manyNodes() throws {
    let builder = NetworkBuilder("deep", channels: 1, height: 2, width: 2)
    var value = builder.input.flatten()
    for index in 0..<1000 { value = value.linear("größe.\(index)", 4) }
    let network = try builder.network(output: value)
    let checkpoint = Checkpoint(
      network: network, weights: Example.weights(of: network),
      preprocessing: Preprocessing(channels: 1, height: 2, width: 2), labels: [])
    let path = folder.file("a.h5")
    try checkpoint.write(to: path)
    #expect(try contents(Checkpoint(contentsOf: path)) == contents(checkpoint))
  }
}

extension Example {
  enum Kind: CaseIterable {
    case plain, trained, quantized

    func checkpoint() throws -> Checkpoint {
      switch self {
      case .plain: try Example.plain()
      case .trained: try Example.trained()
      case .quantized: try Example.quantized()
      }
    }
  }

  static func weightsPrecision(int8 nodes: Set<String>) -> CheckpointFile.Precision {
    var weights = Weights()
    for node in ["conv1", "fc"] {
      weights[node, .weight] =
        nodes.contains(node)
        ? Tensor(shape: [1, 1], [1] as [Int8]) : Tensor(shape: [1, 1], [1] as [Float])
    }
    return weights.precision
  }
}
