import Checkpoints
import Foundation
import Images
import Inference
import Interchange
import Networks
import Tensors
import TestSupport
import Testing

/// Exported files in ONNX Runtime against this package's own runtime. Inputs are smaller than the
/// families' own, so that the tests take seconds; `Benchmarks/onnx_agreement.py` runs the full sizes.
@Suite("Every family in ONNX Runtime", .disabled(if: Python.isMissing, Python.reason), .serialized)
struct FamilyTests {
  private static let families: [(name: String, side: Int)] = [
    ("lenet", 28), ("alexnet", 95), ("vgg11-small", 64), ("nin", 96), ("googlenet", 64),
    ("googlenet-imagenet", 64), ("resnet18", 64), ("resnet50-imagenet", 64), ("densenet", 64),
    ("densenet121", 64),
  ]

  @Test("fp32 logits are the runtime's", arguments: families.map(\.name))
  func float32(_ name: String) throws {
    try check(Self.checkpoint(name))
  }

  @Test("Logits of int8 weights are the runtime's", arguments: families.map(\.name))
  func int8Weights(_ name: String) throws {
    try check(Self.checkpoint(name).withInt8Weights)
  }

  /// Both compute the same integers but for halves that fall on two sides, in some values of a grid of
  /// 256; so many layers spread them to a share of the scores' spread.
  @Test(
    "A quantised network's logits are those of the integer runtime", arguments: families.map(\.name)
  )
  func quantized(_ name: String) throws {
    let float = try Self.checkpoint(name)
    let input = float.network.input
    let images = HashedValues.image("input", count: 4 * input.elementCount)
    let calibration = try Calibration(of: float, threads: 2)
    try calibration.observe(images)
    let checkpoint = try Quantizer(calibration, method: .minmax).checkpoint()
    let folder = try Comparison()
    try ONNXExport().write(checkpoint, to: folder.model)
    let plan = try Plan(
      network: checkpoint.network, weights: checkpoint.weights,
      quantization: checkpoint.quantization)
    let context = try ExecutionContext(plan: plan, maximumBatch: 4, threads: 2)
    try folder.add(
      images, "float32", [4] + input.dimensions, logits: context.run(images, count: 4),
      tolerance: 0.02)
    try folder.check()
  }

  @Test(
    "The graph's own preprocessing gives the logits of the runtime's",
    arguments: [("lenet", false), ("lenet", true), ("resnet18-imagenet", false)])
  func preprocessing(_ name: String, invert: Bool) throws {
    let folder = try Comparison()
    var checkpoint = try Self.checkpoint(name)
    checkpoint.preprocessing.invert = invert
    try ONNXExport(preprocessing: true).write(checkpoint, to: folder.model)
    let classifier = try Classifier(checkpoint, options: .init(threads: 1))
    for (width, height) in [(28, 28), (90, 53), (41, 67), (301, 17)] {
      let channels = checkpoint.preprocessing.channels
      let pixels = HashedValues.image("\(width)×\(height)", count: width * height * channels)
        .map { UInt8($0 * 255) }
      let image =
        channels == 1
        ? Image(width: width, height: height, gray: pixels)
        : Image(width: width, height: height, rgb: pixels.interleaved(channels: channels))
      try folder.add(
        pixels, "uint8", [1, channels, height, width], logits: classifier.logits(of: image))
    }
    try folder.check()
  }

  private func check(_ checkpoint: Checkpoint) throws {
    let folder = try Comparison()
    try ONNXExport().write(checkpoint, to: folder.model)
    let input = checkpoint.network.input
    let images = HashedValues.image("input", count: 2 * input.elementCount)
    let plan = try Plan(network: checkpoint.network, weights: checkpoint.weights.inFloat32)
    let context = try ExecutionContext(plan: plan, maximumBatch: 2, threads: 2)
    try folder.add(
      images, "float32", [2] + input.dimensions, logits: context.run(images, count: 2))
    try folder.check()
  }

  private static func checkpoint(_ name: String) throws -> Checkpoint {
    let side = families.first { $0.name == name }?.side ?? 64
    let network = try Variant.named(name).network().adapted(imageSize: side)
    return Checkpoint(
      network: network, weights: HashedValues.weights(of: network),
      preprocessing: .usual(for: network), labels: [])
  }
}

/// A folder with a model, inputs, and the logits that are expected.
private final class Comparison {
  private struct Case: Encodable {
    var model, input, type: String
    var shape: [Int]
    var logits: String
    /// The share of the logits' spread by which they may differ.
    var tolerance: Double
  }

  private let scratch: Scratch
  private var cases: [Case] = []

  init() throws { scratch = try Scratch() }

  var model: String { scratch.path("model.onnx") }

  func add<Value: BitwiseCopyable>(
    _ input: [Value], _ type: String, _ shape: [Int], logits: [Float],
    tolerance: Double = 1e-4
  ) throws {
    let name = "\(cases.count)"
    try scratch.create("\(name).input", input.withUnsafeBytes { Data($0) })
    try scratch.create("\(name).logits", logits.withUnsafeBytes { Data($0) })
    cases.append(
      Case(
        model: "model.onnx", input: "\(name).input", type: type, shape: shape,
        logits: "\(name).logits", tolerance: tolerance))
  }

  func check() throws {
    try scratch.create("cases.json", JSONEncoder().encode(cases))
    let (status, text) = try Python.run("check_logits.py", scratch.url.path)
    #expect(status == 0, "\(text)")
  }
}

extension Checkpoint {
  /// The same with every weight of convolutions and linear layers in int8, a scale for each output
  /// channel, and no activation on a grid.
  fileprivate var withInt8Weights: Checkpoint {
    var result = self
    for parameter in network.parameters where parameter.role == .weight && parameter.shape.count > 1
    {
      guard let values = weights[parameter]?.floats else { continue }
      let length = values.count / parameter.shape[0]
      let scales = (0..<parameter.shape[0]).map { row in
        (values[row * length..<(row + 1) * length].map(abs).max() ?? 1) / 127
      }
      result.weights[parameter] = Tensor(
        shape: parameter.shape,
        values.indices.map { Int8((values[$0] / scales[$0 / length]).rounded()) })
      result.weights.nodes[parameter.node]?.weightScale = Tensor(
        shape: [parameter.shape[0]], scales)
    }
    result.quantization = Quantization(method: "minmax", samples: 1, activations: [:])
    return result
  }
}

extension [UInt8] {
  /// Planes `[C, H, W]` as pixels `[H, W, C]`.
  fileprivate func interleaved(channels: Int) -> [UInt8] {
    let area = count / channels
    return indices.map { self[$0 % channels * area + $0 / channels] }
  }
}
