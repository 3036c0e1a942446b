import CheckpointWriting
import Checkpoints
import Foundation
import Networks
import Tensors

/// A LeNet whose weights were never trained: enough to classify, wrongly.
enum CheckpointFixture {
  static let labels = ["ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "ibis"]

  /// Writes the checkpoint; its tenth class has no label.
  static func write(to path: String) throws {
    let network = try Variant.named("lenet").network()
    var weights = Weights()
    var state = UInt64(1)
    for parameter in network.parameters {
      let values = (0..<parameter.count).map { _ in
        // A linear congruential generator, by D. Knuth's MMIX.
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int64(bitPattern: state) >> 40) / Float(1 << 24)
      }
      weights[parameter] = Tensor(shape: parameter.shape, values)
    }
    let checkpoint = Checkpoint(
      network: network, weights: weights,
      preprocessing: Preprocessing(channels: 1, height: 28, width: 28), labels: labels)
    try checkpoint.write(to: path)
  }
}

/// A folder with a checkpoint, `net.h5`, and images.
struct Workspace {
  let folder: Scratch

  init() throws {
    folder = try Scratch()
    try CheckpointFixture.write(to: folder.path("net.h5"))
    try folder.create("a.png", PNGFixture.gray(seed: 1))
    try folder.create("b.png", PNGFixture.gray(width: 40, height: 17, seed: 9))
  }

  var model: [String: String] { ["CNN_MODEL": folder.path("net.h5")] }

  /// Runs `cnn-infer` in the folder.
  func infer(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(Tool.path("cnn-infer"), arguments, in: folder.url, environment: model)
  }

  /// Runs a line of the shell in the folder.
  func shell(_ line: String) throws -> Tool.Result {
    try Tool.shell("export CNN_MODEL=net.h5; \(line)", in: folder.url)
  }
}
