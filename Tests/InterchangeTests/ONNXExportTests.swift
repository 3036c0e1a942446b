import Checkpoints
import Foundation
import Interchange
import Networks
import Tensors
import TestSupport
import Testing

@Suite("ONNX export", .disabled(if: Python.isMissing, Python.reason))
struct ONNXExportTests {
  @Test("Random networks of every operation give the reference's logits in ONNX Runtime")
  func everyOperation() throws {
    let scratch = try Scratch()
    var kinds: Set<NodeOperation.Kind> = []
    for seed in UInt64(0)..<56 {
      let checkpoint = Checkpoint.random(try RandomNetwork.make(seed: seed), seed: seed)
      kinds.formUnion(checkpoint.network.nodes.map(\.operation.kind))
      try write(checkpoint, ONNXExport(softmax: seed % 2 == 0), "fp32-\(seed)", scratch)
    }
    #expect(kinds == Set(NodeOperation.Kind.allCases))
    try check(scratch)
  }

  @Test("Every kind of pooling window and grid gives the reference's values")
  func pooling() throws {
    let scratch = try Scratch()
    for index in 0..<32 {
      func bit(_ place: Int) -> Bool { index >> place & 1 == 1 }
      let window = NodeOperation.Pooling(
        kernelSize: 3, stride: bit(0) ? 2 : Extent(height: 3, width: 2), padding: bit(1) ? 1 : 0,
        ceilMode: bit(2), countIncludesPadding: bit(4) || bit(3))
      let nodes = [
        Node("pool", bit(4) ? .maxPool(window) : .averagePool(window), inputs: ["input"]),
        Node("flatten", .flatten, inputs: ["pool"]),
      ]
      let network = try Network(
        name: "pool", input: TensorShape(channels: 2, height: 10, width: 12), nodes: nodes,
        output: "flatten")
      try write(.random(network, seed: 1), ONNXExport(), "pool-\(index)", scratch)
    }
    for (index, grid) in [1, 2, 3, 5, 7, 13, Extent(height: 1, width: 4)].enumerated() {
      let builder = NetworkBuilder("grid", channels: 2, height: 10, width: 12)
      let scores = builder.input.adaptiveAveragePool(grid).flatten()
      let network = try builder.network(output: scores)
      try write(.random(network, seed: 1), ONNXExport(), "grid-\(index)", scratch)
    }
    try check(scratch)
  }

  @Test("Quantised checkpoints become QDQ graphs that agree with the reference")
  func quantized() throws {
    let scratch = try Scratch()
    for seed in UInt64(100)..<160 {
      let checkpoint = Checkpoint.random(try RandomNetwork.make(seed: seed), seed: seed)
        .quantizedAtRandom(seed: seed)
      try write(checkpoint, ONNXExport(softmax: true), "int8-\(seed)", scratch)
    }
    try check(scratch)
  }

  @Test("The preprocessing inside of the graph is torchvision's")
  func preprocessing() throws {
    let scratch = try Scratch()
    for (index, resize) in Preprocessing.Resize.allCases.enumerated() {
      for invert in [false, true] {
        var checkpoint = Checkpoint.random(try smallNetwork(channels: 3), seed: 7)
        checkpoint.preprocessing.resize = resize
        checkpoint.preprocessing.resizeShorterSide = 21
        checkpoint.preprocessing.invert = invert
        try write(
          checkpoint, ONNXExport(preprocessing: true), "images-\(index)-\(invert)", scratch)
      }
    }
    try check(scratch)
  }

  @Test("Weights beside the model load in ONNX Runtime and in our own import")
  func externalData() throws {
    let scratch = try Scratch()
    let checkpoint = Checkpoint.random(try smallNetwork(channels: 2), seed: 3)
    try write(checkpoint, ONNXExport(externalDataAbove: 4000), "external", scratch)
    #expect(
      try scratch.contents == ["external.onnx", "external.onnx.data", "external.safetensors"])
    expectEqualWeights(try ONNXImport.read(scratch.path("external.onnx")).checkpoint, checkpoint)
    try check(scratch)
  }

  @Test("Node names that are also names of the exporter's own stay apart")
  func collidingNames() throws {
    let scratch = try Scratch()
    let builder = NetworkBuilder("names", channels: 1, height: 8, width: 8)
    let scores = builder.input
      .convolution("logits", 3, kernel: 3)
      .convolution("probabilities", 3, kernel: 1)
      .convolution("logits.weight", 3, kernel: 1)
      .batchNorm("logits.bias_scale").flatten().linear("image", 4).relu().linear("x y.µ", 3)
    let checkpoint = Checkpoint.random(try builder.network(output: scores), seed: 1)
    try write(checkpoint, ONNXExport(softmax: true), "names", scratch)
    expectEqualWeights(try ONNXImport.read(scratch.path("names.onnx")).checkpoint, checkpoint)
    try check(scratch)
  }

  @Test("The check finds one changed weight")
  func checkCanFail() throws {
    let scratch = try Scratch()
    var checkpoint = Checkpoint.random(try smallNetwork(channels: 1), seed: 3)
    try ONNXExport().write(checkpoint, to: scratch.path("changed.onnx"))
    var values = try #require(checkpoint.weights["fc", .bias]).floats
    values[1] += 0.001
    checkpoint.weights["fc", .bias] = Tensor(shape: [5], values)
    try Safetensors.write(checkpoint, to: scratch.path("changed.safetensors"))
    let (status, text) = try Python.run("check_onnx.py", scratch.url.path)
    #expect(status == 1 && text.contains("logits differ"), "\(text)")
  }

  private func write(
    _ checkpoint: Checkpoint, _ export: ONNXExport, _ name: String, _ scratch: Scratch
  ) throws {
    try export.write(checkpoint, to: scratch.path("\(name).onnx"))
    try Safetensors.write(checkpoint, to: scratch.path("\(name).safetensors"))
  }

  private func check(_ scratch: Scratch) throws {
    let (status, text) = try Python.run("check_onnx.py", scratch.url.path)
    #expect(status == 0, "\(text)")
  }
}

/// A network of few weights with a name for each layer.
func smallNetwork(channels: Int) throws -> Network {
  let builder = NetworkBuilder("small", channels: channels, height: 12, width: 10)
  let scores = builder.input
    .convolution("conv", 4, kernel: 3, padding: 1, bias: false).batchNorm("bn").relu()
    .maxPool(3, stride: 2, ceilMode: true)
    .flatten().linear("hidden", 12).relu().dropout().linear("fc", 5)
  return try builder.network(output: scores)
}
