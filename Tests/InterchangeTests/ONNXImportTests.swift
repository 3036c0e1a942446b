import Checkpoints
import Foundation
import Interchange
import Networks
import TestSupport
import Testing

@Suite("ONNX import")
struct ONNXImportTests {
  private func exported(_ checkpoint: Checkpoint, _ scratch: Scratch) throws -> [UInt8] {
    try ONNXExport(softmax: true, preprocessing: true).write(checkpoint, to: scratch.path("a.onnx"))
    return try scratch.read("a.onnx")
  }

  private func read(_ bytes: [UInt8], _ options: ImportOptions = .init()) throws -> Imported {
    try ONNXModel(ByteSource(bytes: bytes, path: "test")).checkpoint(options)
  }

  @Test("Our own files give back network, weights and words, bit for bit", arguments: 0..<20)
  func roundTrip(seed: Int) throws {
    let scratch = try Scratch()
    let checkpoint = Checkpoint.random(
      try RandomNetwork.make(seed: UInt64(seed)), seed: UInt64(seed))
    _ = try exported(checkpoint, scratch)
    let read = try ONNXImport.read(scratch.path("a.onnx")).checkpoint
    expectEqualWeights(read, checkpoint)
    expectEqualWords(read, checkpoint)
  }

  @Test(
    "A quantised file gives back its int8 weights, and biases on their int32 grid",
    arguments: 0..<20)
  func quantizedRoundTrip(seed: Int) throws {
    let scratch = try Scratch()
    let seed = UInt64(seed)
    let checkpoint = Checkpoint.random(try RandomNetwork.make(seed: seed), seed: seed)
      .quantizedAtRandom(seed: seed)
    let bytes = try exported(checkpoint, scratch)
    let read = try read(bytes).checkpoint
    expectEqualWords(read, checkpoint)
    for parameter in checkpoint.network.parameters {
      let (old, new) = (checkpoint.weights[parameter], read.weights[parameter])
      if parameter.role == .weight { #expect(old?.bytes == new?.bytes, "\(parameter.key)") }
    }
    // A second export has the same integers, so nothing drifts.
    #expect(try exported(read, scratch) == bytes)
  }

  @Test("A file that is not ours is told apart, and read onto a network that is named")
  func noMetadata() throws {
    let scratch = try Scratch()
    let checkpoint = Checkpoint.random(try smallNetwork(channels: 1), seed: 1)
    let bytes = try exported(checkpoint, scratch)
    let end = try #require(firstMetadata(bytes))
    #expect(throws: InterchangeError.noNetwork(path: "test")) {
      try read(Array(bytes.prefix(end)))
    }
    let named = try read(
      Array(bytes.prefix(end)), ImportOptions(network: checkpoint.network, labels: ["a"]))
    expectEqualWeights(named.checkpoint, checkpoint)
    #expect(named.checkpoint.labels == ["a"])
  }

  /// Where the model's own fields end and its metadata begin.
  private func firstMetadata(_ bytes: [UInt8]) -> Int? {
    let key = Array("cnn.network".utf8)
    let place = bytes.indices.first { bytes[$0...].starts(with: key) }
    // Tag 14, a length of two bytes, the key's tag and its length.
    return place.map { $0 - 5 }
  }

  @Test("Truncation at any byte never traps, and never gives other weights")
  func truncation() throws {
    let scratch = try Scratch()
    let checkpoint = Checkpoint.random(try smallNetwork(channels: 1), seed: 1)
    let bytes = try exported(checkpoint, scratch)
    let metadata = try #require(firstMetadata(bytes))
    for count in 0..<bytes.count {
      do {
        let read = try read(Array(bytes.prefix(count)))
        // Whole but for metadata that come last.
        #expect(count > metadata)
        expectEqualWeights(read.checkpoint, checkpoint)
      } catch is InterchangeError {}
    }
  }

  @Test("Flipped bits never trap")
  func flips() throws {
    let scratch = try Scratch()
    let checkpoint = Checkpoint.random(try smallNetwork(channels: 1), seed: 1)
      .quantizedAtRandom(seed: 1)
    let whole = try exported(checkpoint, scratch)
    var random = SeededGenerator(seed: 23)
    var refused = 0
    for _ in 0..<4000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
          1
          << UInt8.random(
            in: 0..<8, using: &random)
      }
      do { _ = try read(bytes) } catch { refused += 1 }
    }
    #expect(refused > 400)
  }

  @Test(
    "External data outside of the model's folder is never opened",
    arguments: ["../w.data", "/etc/passwd", "..", "", "s/w.data", "link.data", "v.onnx.data"])
  func externalPlaces(place: String) throws {
    let scratch = try Scratch()
    let checkpoint = Checkpoint.random(try smallNetwork(channels: 2), seed: 3)
    try ONNXExport(externalDataAbove: 4000).write(checkpoint, to: scratch.path("w.onnx"))
    let data = scratch.path("w.onnx.data")
    try FileManager.default.copyItem(atPath: data, toPath: scratch.path("v.onnx.data"))
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("link.data"), withDestinationPath: data)
    let bytes = replaced(
      try scratch.read("w.onnx"), Array("w.onnx.data".utf8), by: Array(place.utf8))
    let path = try scratch.write(bytes, to: "x.onnx")
    switch place {
    case "v.onnx.data":
      // A plain file beside the model is what the others are not.
      expectEqualWeights(try ONNXImport.read(path).checkpoint, checkpoint)
    case "link.data":
      let error = #expect(throws: InterchangeError.self) { try ONNXImport.read(path) }
      #expect(error.map { "\($0)".contains("link.data") } == true)
    default:
      #expect(
        throws: InterchangeError.onnx(
          path: path,
          .externalData(tensor: "hidden.weight", detail: "its place is no plain file name"))
      ) { try ONNXImport.read(path) }
    }
  }

  /// Puts a shorter name in place of `location`'s value: lengths of the messages around it stay,
  /// what is left over becomes a field that nobody reads.
  private func replaced(_ bytes: [UInt8], _ old: [UInt8], by new: [UInt8]) -> [UInt8] {
    var result = bytes
    precondition(new.count + 2 <= old.count || new.count == old.count)
    for start in bytes.indices where bytes[start...].starts(with: old) {
      let rest = old.count - new.count
      result[start - 1] = UInt8(new.count)
      var field = new
      // Field 15, length-delimited.
      if rest >= 2 {
        field += [15 << 3 | 2, UInt8(rest - 2)] + [UInt8](repeating: 0, count: rest - 2)
      }
      result.replaceSubrange(start..<start + old.count, with: field)
    }
    return result
  }

  @Test("A description lists tensors, operators and the graph's values")
  func describes() throws {
    let scratch = try Scratch()
    let checkpoint = Checkpoint.random(try smallNetwork(channels: 1), seed: 1)
    try ONNXExport(softmax: true).write(checkpoint, to: scratch.path("a.onnx"))
    let onnx = try FileDescription.read(scratch.path("a.onnx"))
    #expect(onnx.format == .onnx && onnx.graph?.opset == 18 && onnx.graph?.irVersion == 9)
    #expect(onnx.graph?.inputs == ["input: FLOAT[batch×1×12×10]"])
    #expect(
      onnx.graph?.outputs == ["logits: FLOAT[batch×5]", "probabilities: FLOAT[batch×5]"])
    #expect(onnx.graph?.operators["Gemm"] == 2 && onnx.graph?.operators["Dropout"] == nil)
    let first = try #require(onnx.tensors.first)
    #expect(first.name == "conv.weight" && first.shape == [4, 1, 3, 3])
    #expect(first.element == "FLOAT" && first.bytes == 144)
    #expect(onnx.metadata["trainAccuracy"] == "0.75" && onnx.metadata["testLoss"] == "0.625")
    #expect(onnx.metadata["producer"] == "swift-cnn")
    try Safetensors.write(checkpoint, to: scratch.path("b"))
    let other = try FileDescription.read(scratch.path("b"))
    #expect(other.format == .safetensors && other.graph == nil)
    #expect(other.tensors.map(\.name) == onnx.tensors.map(\.name))
    #expect(other.tensors.map(\.bytes) == onnx.tensors.map(\.bytes))
  }

  @Test(
    "A file of another tool is described, and told apart on import",
    .disabled(if: Python.isMissing, Python.reason))
  func foreign() throws {
    let scratch = try Scratch()
    let path = scratch.path("foreign.onnx")
    let (status, text) = try Python.run("make_foreign_onnx.py", path)
    #expect(status == 0, "\(text)")
    let found = try FileDescription.read(path)
    #expect(found.graph?.producer == "other" && found.graph?.opset == 17)
    #expect(found.graph?.operators == ["If": 1, "Gemm": 1, "Add": 1])
    #expect(found.graph?.inputs == ["x: FLOAT[N×2]", "condition: BOOL[]"])
    #expect(found.tensors.map(\.name) == ["typed", "words", "half"])
    #expect(found.tensors.map(\.element) == ["FLOAT", "STRING", "FLOAT16"])
    #expect(found.tensors.map(\.bytes) == [24, 3, 8])
    #expect(throws: InterchangeError.noNetwork(path: path)) { try ONNXImport.read(path) }
  }
}
