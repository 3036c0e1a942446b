import Checkpoints
import Foundation
import Networks
import Tensors
import Testing

/// A folder that goes with its last reference.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "checkpoints-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

func bytes(of path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

/// Checkpoints of a small network with every role of tensor.
enum Example {
  static func network() throws -> Network {
    let builder = NetworkBuilder("example", channels: 1, height: 6, width: 6)
    let scores = builder.input
      .convolution("conv1", 4, kernel: 3, padding: 1).batchNorm("bn1").relu()
      .flatten().linear("fc", 3)
    return try builder.network(output: scores)
  }

  /// Tensors of uniform values in 0.1…1 from a seed, so that variances are valid.
  static func weights(of network: Network, seed: UInt64 = 1) -> Weights {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func next() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return 0.1 + 0.9 * Float(state >> 40) / Float(1 << 24)
    }
    var weights = Weights()
    for parameter in network.parameters {
      weights[parameter] = Tensor(
        shape: parameter.shape, (0..<parameter.count).map { _ in next() })
    }
    return weights
  }

  static func plain(seed: UInt64 = 1) throws -> Checkpoint {
    let network = try network()
    return Checkpoint(
      network: network, weights: weights(of: network, seed: seed),
      preprocessing: Preprocessing(
        channels: 1, height: 6, width: 6, mean: [0.25], std: [0.5], background: [1], invert: true),
      labels: ["T-shirt/top", "größer", "靴"])
  }

  static func trained(seed: UInt64 = 1) throws -> Checkpoint {
    var checkpoint = try plain(seed: seed)
    checkpoint.training = TrainingRecord(
      epoch: 2, step: 17, seed: UInt64.max - 5, recipe: #"{"rate":0.1,"note":"größer"}"#,
      progress: #"{"loss":1.5}"#,
      history: [
        HistoryColumn(name: "trainLoss", values: [2.5, 1.25]),
        HistoryColumn(name: "testLoss", values: [2.75, .nan]),
      ],
      optimizer: [
        "conv1": [
          "weight.momentum": Tensor(shape: [4, 1, 3, 3], (0..<36).map(Float.init)),
          "bias.momentum": Tensor(shape: [4], [1, 2, 3, 4] as [Float]),
        ]
      ])
    return checkpoint
  }

  /// The linear layer int8, the convolution float32.
  static func quantized() throws -> Checkpoint {
    var checkpoint = try plain()
    checkpoint.weights["fc", .weight] = Tensor(
      shape: [3, 144], (0..<432).map { Int8(truncatingIfNeeded: $0) })
    checkpoint.weights.nodes["fc"]?.weightScale = Tensor(shape: [3], [0.5, 0.25, 0.125] as [Float])
    checkpoint.quantization = Quantization(
      method: "minmax", samples: 64,
      activations: [
        "input": .init(scale: 0.01, zeroPoint: 3), "fc": .init(scale: 0.5, zeroPoint: 128),
      ])
    return checkpoint
  }
}

/// Everything of a checkpoint as comparable values; tensors by their bytes.
func contents(_ checkpoint: Checkpoint) -> [String: String] {
  let network = (try? checkpoint.network.json()) ?? Data()
  var result: [String: String] = [
    "network": String(decoding: network, as: UTF8.self),
    "preprocessing": "\(checkpoint.preprocessing)",
    "labels": "\(checkpoint.labels)",
  ]
  func add(_ name: String, _ tensor: Tensor) {
    result[name] = "\(tensor.shape) \(tensor.element) \(tensor.withBytes { Array($0) })"
  }
  for (node, tensors) in checkpoint.weights.nodes {
    for (role, tensor) in tensors.parameters { add("\(node).\(role)", tensor) }
    if let scale = tensors.weightScale { add("\(node).scale", scale) }
  }
  if let training = checkpoint.training {
    result["training"] =
      "\(training.epoch) \(training.step) \(training.seed) \(training.recipe) "
      + "\(training.progress ?? "") \(training.history)"
    for (node, tensors) in training.optimizer {
      for (name, tensor) in tensors { add("optimizer \(node) \(name)", tensor) }
    }
  }
  if let quantization = checkpoint.quantization {
    result["quantization"] = "\(quantization.method) \(quantization.samples)"
    for (name, value) in quantization.activations { result["activation \(name)"] = "\(value)" }
  }
  return result
}

/// The interpreter with h5py that `CNN_PYTHON` names.
enum Python {
  static let path = ProcessInfo.processInfo.environment["CNN_PYTHON"]
  static var isThere: Bool { path != nil }
  static let reason: Comment =
    "CNN_PYTHON names no Python interpreter with numpy and h5py; Scripts/test.sh sets it"

  /// Runs the script beside these tests.
  static func run(_ arguments: String...) throws -> Data {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Scripts/checkpoints.py").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments = [script] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "checkpoints.py failed: see above")
    return data
  }
}
