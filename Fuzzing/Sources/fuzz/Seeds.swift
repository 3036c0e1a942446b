import CheckpointWriting
import Checkpoints
import Foundation
import FuzzDriver
import Images
import Interchange
import Networks
import Tensors

/// What the targets start from: small valid files of every form that the package writes.
enum Seeds {
  /// Writes a folder for each target.
  ///
  /// - Parameter folder: Where; it need not exist.
  /// - Throws: What the writers throw.
  static func write(to folder: String) throws {
    let root = URL(fileURLWithPath: folder)
    func save(_ data: Data, _ target: Target, _ name: String) throws {
      let place = root.appendingPathComponent(target.rawValue)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try data.write(to: place.appendingPathComponent(name))
    }
    for (name, checkpoint) in try checkpoints() {
      let scratch = root.appendingPathComponent("scratch").path
      try checkpoint.write(to: scratch)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch))
      try save(bytes.dropFirst(512), .checkpoint, name)
      try save(bytes, .checkpoint, "\(name)-sealed")
      try Safetensors.write(checkpoint, to: scratch)
      try save(Data(contentsOf: URL(fileURLWithPath: scratch)), .safetensors, name)
      if checkpoint.quantization == nil {
        try ONNXExport().write(checkpoint, to: scratch)
        try save(Data(contentsOf: URL(fileURLWithPath: scratch)), .onnx, name)
      }
      try FileManager.default.removeItem(atPath: scratch)
      try save(checkpoint.network.json(), .json, name)
    }
    for name in ["lenet", "resnet18", "googlenet"] {
      try save(Variant.named(name).network().json(), .json, name)
    }
    for side in [1, 3, 8] {
      let gray = (0..<side * side).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      try save(Data(Image(width: side, height: side, gray: gray).png()), .png, "gray-\(side)")
    }
    try save(idx(), .idx, "plain")
  }

  /// Checkpoints of small networks, with and without each optional part.
  private static func checkpoints() throws -> [(String, Checkpoint)] {
    let builder = NetworkBuilder("seed", channels: 1, height: 6, width: 6)
    let block = builder.input.convolution("conv1", 4, kernel: 3, padding: 1).batchNorm("bn1").relu()
    let sum = block.adding(block.convolution("conv2", 4, kernel: 3, padding: 1))
    let network = try builder.network(output: sum.maxPool(2).flatten().linear("fc", 3))
    var weights = Weights()
    for parameter in network.parameters {
      weights[parameter] = Tensor(
        shape: parameter.shape, (0..<parameter.count).map { 0.1 + Float($0 % 7) / 8 })
    }
    let plain = Checkpoint(
      network: network, weights: weights,
      preprocessing: Preprocessing(channels: 1, height: 6, width: 6), labels: ["a", "b", "ü"])
    var trained = plain
    trained.training = TrainingRecord(
      epoch: 1, step: 2, seed: 3, recipe: "{}", progress: "{}",
      history: [HistoryColumn(name: "trainLoss", values: [1])],
      optimizer: ["fc": ["bias.momentum": Tensor(shape: [3], [1, 2, 3] as [Float])]])
    var quantized = plain
    let count = weights["fc", .weight]?.shape.reduce(1, *) ?? 0
    quantized.weights["fc", .weight] = Tensor(
      shape: [3, count / 3], (0..<count).map { Int8(truncatingIfNeeded: $0) })
    quantized.weights.nodes["fc"]?.weightScale = Tensor(shape: [3], [0.5, 1, 2] as [Float])
    quantized.quantization = Quantization(
      method: "minmax", samples: 1, activations: ["input": .init(scale: 0.01, zeroPoint: 3)])
    return [("plain", plain), ("trained", trained), ("quantized", quantized)]
  }

  /// Two images of 2×2 and their labels, the number of the images' bytes first.
  private static func idx() -> Data {
    let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2] + (0..<8)
    let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 1, 9]
    return Data([UInt8(images.count), 0] + images + labels)
  }
}
