import Checkpoints
import Foundation
import Inference
import Networks
import Testing

/// What `Released/make.py` wrote with the programs of a version, for all later versions to read.
private struct Release: Decodable, Sendable {
  struct Stored: Decodable, Sendable, CustomTestStringConvertible {
    let file: String
    let operation: String
    let precision: String
    /// By the portable kernels.
    let logits: [Float]
    var testDescription: String { file }
  }

  struct Trained: Decodable, Sendable {
    let file: String
    let epoch: Int
    let step: Int
    let logits: [Float]
  }

  let checkpoints: [Stored]
  let trained: Trained

  static func folder(_ version: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Released/\(version)")
  }

  init(_ version: String) throws {
    let file = Self.folder(version).appendingPathComponent("scores.json")
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }

  /// What cannot be read is missed by the test of the operations.
  static func checkpoints(_ version: String) -> [Stored] {
    (try? Release(version).checkpoints) ?? []
  }
}

@Suite("Checkpoints of released versions")
struct ReleasedCheckpointTests {
  private func path(_ version: String, _ file: String) -> String {
    Release.folder(version).appendingPathComponent(file).path
  }

  /// The logits of the version's image, on the selected instruction set or another one.
  private func logits(_ version: String, _ file: String, isa: ISA? = nil) throws -> [Float] {
    let classifier = try Classifier(
      checkpoint: path(version, file), options: .init(threads: 1, isa: isa))
    let found = try classifier.classify(path(version, "input.png"), topK: .max)
    return found.sorted { $0.index < $1.index }.map(\.logit)
  }

  @Test("0.1.0 left both precisions of each operation that it had, and nothing else")
  func complete() throws {
    let operations = [
      "Conv2d", "Linear", "MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d", "BatchNorm2d",
      "LocalResponseNorm", "ReLU", "Sigmoid", "Tanh", "Dropout", "Flatten", "Add", "Concat",
    ]
    let release = try Release("0.1.0")
    for precision in ["fp32", "int8"] {
      let found = release.checkpoints.filter { $0.precision == precision }.map(\.operation)
      #expect(found.sorted() == operations.sorted())
    }
    for stored in release.checkpoints {
      let checkpoint = try Checkpoint(contentsOf: path("0.1.0", stored.file))
      let kinds = checkpoint.network.nodes.map(\.operation.kind.rawValue)
      #expect(kinds.contains(stored.operation), "\(stored.file)")
      #expect((checkpoint.quantization != nil) == (stored.precision == "int8"), "\(stored.file)")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: path("0.1.0", ""))
    let known = release.checkpoints.map(\.file) + ["trained.h5", "input.png", "scores.json"]
    #expect(files.sorted() == known.sorted())
  }

  @Test("Scores are those of 0.1.0", arguments: Release.checkpoints("0.1.0"))
  private func scores(stored: Release.Stored) throws {
    let checkpoint = try Checkpoint(contentsOf: path("0.1.0", stored.file))
    let tolerance = tolerance(of: checkpoint, stored.logits)
    for isa in [nil] + ISA.available.map(Optional.some) {
      let found = try logits("0.1.0", stored.file, isa: isa)
      try #require(found.count == stored.logits.count)
      let error = zip(found, stored.logits).map { abs(Double($0) - Double($1)) }.max() ?? .nan
      #expect(error <= tolerance, "\(error) on \(isa?.rawValue ?? "the selected ISA")")
    }
    #expect(try CheckpointFile.verify(path("0.1.0", stored.file)).isIntact)
  }

  /// Nothing for integers, which have one result. Floats of either version are within 1e-5 of the
  /// formula's, as `PlanTests` wants it, in units of the largest logit. Where integers follow a local
  /// response normalisation, in floats, each may be off by one, and the logit by the sum of its weights.
  private func tolerance(of checkpoint: Checkpoint, _ logits: [Float]) -> Double {
    let size = Double(logits.map(abs).max() ?? 0)
    guard let activations = checkpoint.quantization?.activations else { return 2e-5 * size }
    let norm = checkpoint.network.nodes.first {
      if case .localResponseNorm = $0.operation { true } else { false }
    }
    guard let norm, let grid = activations[norm.name],
      let weight = checkpoint.weights.inFloat32["scores", .weight]
    else { return 0 }
    let length = weight.shape[1], values = weight.floats
    let sums = (0..<weight.shape[0]).map { row in
      values[row * length..<(row + 1) * length].reduce(0.0) { $0 + Double(abs($1)) }
    }
    return Double(grid.scale) * (sums.max() ?? 0)
  }

  @Test("A training of 0.1.0 is read with all that resuming needs")
  func trained() throws {
    let trained = try Release("0.1.0").trained
    let checkpoint = try Checkpoint(
      contentsOf: path("0.1.0", trained.file), options: .trainingState)
    let training = try #require(checkpoint.training)
    #expect((training.epoch, training.step) == (trained.epoch, trained.step))
    #expect(training.history.contains { $0.name == "trainLoss" && $0.values.count == 2 })
    // Adam's moments and the weights under the average; batch norm's statistics have no moments.
    let tensors = try #require(training.optimizer["conv"])
    #expect(tensors.count == 3 && tensors.keys.contains("weight.raw"))
    #expect(tensors.values.allSatisfy { $0.shape == [2, 1, 3, 3] })
    let found = try logits("0.1.0", trained.file)
    let size = trained.logits.map(abs).max() ?? 0
    let error = zip(found, trained.logits).map { abs($0 - $1) }.max() ?? .nan
    #expect(found.count == trained.logits.count && error <= 2e-5 * size)
  }
}
