import Checkpoints
import Foundation
import Interchange
import Networks
import TestSupport
import Testing

@Suite("safetensors")
struct SafetensorsTests {
  @Test("A round trip keeps every bit, and what the checkpoint says", arguments: [false, true])
  func roundTrip(quantized: Bool) throws {
    let scratch = try Scratch()
    var checkpoint = Checkpoint.random(try smallNetwork(channels: 3), seed: 5)
    if quantized { checkpoint = checkpoint.quantizedAtRandom(seed: 5) }
    try Safetensors.write(checkpoint, to: scratch.path("a.safetensors"))
    let read = try Safetensors.read(scratch.path("a.safetensors"))
    expectEqualWeights(read.checkpoint, checkpoint)
    #expect(read.ignored.isEmpty && read.renamed.isEmpty)
    expectEqualWords(read.checkpoint, checkpoint)
    try Safetensors.write(read.checkpoint, to: scratch.path("b.safetensors"))
    #expect(try scratch.read("a.safetensors") == scratch.read("b.safetensors"))
  }

  @Test(
    "The official package loads a file, and what it saves is read back bit for bit",
    .disabled(if: Python.isMissing, Python.reason), arguments: [false, true])
  func officialPackage(quantized: Bool) throws {
    let scratch = try Scratch()
    var checkpoint = Checkpoint.random(try smallNetwork(channels: 3), seed: 5)
    if quantized { checkpoint = checkpoint.quantizedAtRandom(seed: 5) }
    let (source, target) = (scratch.path("a.safetensors"), scratch.path("b.safetensors"))
    try Safetensors.write(checkpoint, to: source)
    let (status, text) = try Python.run("rewrite_safetensors.py", source, target)
    #expect(status == 0, "\(text)")
    #expect(text.contains("conv.weight \(quantized ? "int8" : "float32") [4, 3, 3, 3]"), "\(text)")
    let read = try Safetensors.read(target).checkpoint
    expectEqualWeights(read, checkpoint)
    expectEqualWords(read, checkpoint)
  }

  @Test(
    "Half, brain and double precision become the nearest float32's value",
    .disabled(if: Python.isMissing, Python.reason),
    arguments: [("float16", Float(0x1p-11)), ("bfloat16", 0x1p-8), ("float64", 0)])
  func otherPrecisions(type: String, error: Float) throws {
    let scratch = try Scratch()
    let checkpoint = Checkpoint.random(try smallNetwork(channels: 3), seed: 5)
    let (source, target) = (scratch.path("a.safetensors"), scratch.path("b.safetensors"))
    try Safetensors.write(checkpoint, to: source)
    let (status, text) = try Python.run("rewrite_safetensors.py", source, target, type)
    #expect(status == 0, "\(text)")
    let read = try Safetensors.read(target).checkpoint
    for parameter in checkpoint.network.parameters {
      let expected = try #require(checkpoint.weights[parameter]).floats
      let found = try #require(read.weights[parameter]).floats
      // Rounding to nearest errs by half a unit in the last place; subnormal halves by 2⁻²⁵.
      for (x, y) in zip(expected, found) { #expect(abs(x - y) <= abs(x) * error + error * 0x1p-14) }
    }
  }

  @Test("Every half-precision number is converted exactly")
  func halves() throws {
    let network = try linear(inputs: 1 << 15, outputs: 2)
    let data = (0...UInt16.max).map { bits -> UInt16 in
      // Infinities and NaNs are refused; zeros stand in for them.
      bits >> 10 & 0x1F == 31 ? 0 : bits
    }
    let bytes = data.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let file = Self.file(
      #"{"fc.weight":{"dtype":"F16","shape":[2,32768],"data_offsets":[0,131072]}}"#, bytes)
    let weights = try Self.read(file, onto: network).checkpoint.weights
    let found = try #require(weights["fc", .weight]).floats
    for (bits, value) in zip(data, found) {
      let exponent = Int(bits >> 10 & 0x1F)
      let fraction = Double(bits & 0x3FF) / 1024
      let expected =
        exponent == 0 ? fraction * 0x1p-14 : (1 + fraction) * exp2(Double(exponent - 15))
      #expect(Double(value) == (bits >> 15 == 0 ? expected : -expected))
    }
  }

  @Test("What only training needs is left out and listed; older names of DenseNet are understood")
  func foreignNames() throws {
    let builder = NetworkBuilder("dense", channels: 1, height: 4, width: 4)
    let scores = builder.input.batchNorm("features.denselayer1.norm1").flatten()
    let network = try builder.network(output: scores)
    let old = "features.denselayer1.norm.1"
    let file = Self.file(floats: [
      ("\(old).weight", 1), ("\(old).bias", 1), ("\(old).running_mean", 1),
      ("\(old).running_var", 1), ("aux1.conv.weight", 3), ("aux2.fc.bias", 2),
      ("features.denselayer1.norm1.num_batches_tracked", 1),
    ])
    let read = try Self.read(file, onto: network)
    #expect(
      read.ignored == [
        "aux1.conv.weight", "aux2.fc.bias", "features.denselayer1.norm1.num_batches_tracked",
      ])
    #expect(read.renamed.count == 4)
    #expect(read.checkpoint.weights.nodes.count == 1)
    #expect(read.checkpoint.preprocessing.shape == network.input)
  }

  @Test("Missing, extra and misshapen tensors are named")
  func mismatches() throws {
    let network = try linear(inputs: 2, outputs: 1)
    let header = #""fc.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}"#
    let zeros = [UInt8](repeating: 0, count: 12)
    func failure(_ header: String, _ count: Int) -> InterchangeError? {
      #expect(throws: InterchangeError.self) {
        try Self.read(Self.file("{\(header)}", Array(zeros.prefix(count))), onto: network)
      }
    }
    #expect(
      failure("", 0)
        == .missingTensors(path: "test", network: "linear", names: ["fc.weight"]))
    #expect(
      failure(header + #","b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}"#, 12)
        == .unexpectedTensors(path: "test", network: "linear", names: ["b"]))
    #expect(
      failure(header.replacingOccurrences(of: "[1,2]", with: "[2,1]"), 8)
        == .wrongShape(path: "test", tensor: "fc.weight", expected: [1, 2], found: [2, 1]))
    #expect(
      failure(header.replacingOccurrences(of: "F32", with: "I32"), 8)
        == .unsupportedElement(path: "test", tensor: "fc.weight", element: "I32"))
    let nan = Self.file("{\(header)}", [0, 0, 0, 0, 0, 0, 0xC0, 0x7F])
    #expect(throws: InterchangeError.notFinite(path: "test", tensor: "fc.weight", index: 1)) {
      try Self.read(nan, onto: network)
    }
    #expect(throws: InterchangeError.noNetwork(path: "test")) {
      try Self.read(Self.file("{\(header)}", Array(zeros.prefix(8))), onto: nil)
    }
    let metadata = #""__metadata__":{"cnn.network":"{"},"#
    let error = #expect(throws: InterchangeError.self) {
      try Self.read(Self.file("{\(metadata + header)}", Array(zeros.prefix(8))), onto: nil)
    }
    #expect(error?.description.hasPrefix("invalid network in 'test': ") == true)
  }

  private func linear(inputs: Int, outputs: Int) throws -> Network {
    let builder = NetworkBuilder("linear", channels: 1, height: 1, width: inputs)
    return try builder.network(
      output: builder.input.flatten().linear("fc", outputs, bias: false))
  }

  static func file(_ header: String, _ data: [UInt8], length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + data
  }

  /// A file of float vectors of these lengths, all zero.
  static func file(floats: [(name: String, count: Int)]) -> [UInt8] {
    var offset = 0
    let entries = floats.map { name, count in
      defer { offset += 4 * count }
      return
        #""\#(name)":{"dtype":"F32","shape":[\#(count)],"data_offsets":[\#(offset),\#(offset + 4 * count)]}"#
    }
    let header = "{\(entries.joined(separator: ","))}"
    return file(header, [UInt8](repeating: 0, count: offset))
  }

  static func read(_ bytes: [UInt8], onto network: Network?) throws -> Imported {
    try SafetensorsHeader(ByteSource(bytes: bytes, path: "test")).stateDict
      .checkpoint(ImportOptions(network: network))
  }
}

/// Labels, preprocessing, training record and quantisation are equal.
func expectEqualWords(_ left: Checkpoint, _ right: Checkpoint) {
  #expect(left.labels == right.labels)
  #expect(left.preprocessing == right.preprocessing)
  #expect(left.training?.step == right.training?.step)
  #expect(left.training?.seed == right.training?.seed)
  #expect(left.training?.recipe == right.training?.recipe)
  #expect(left.training?.history.map(\.name) == right.training?.history.map(\.name))
  // NaN is unequal to itself; its text is not.
  #expect("\(left.training?.history as Any)" == "\(right.training?.history as Any)")
  #expect(left.quantization?.method == right.quantization?.method)
  #expect(left.quantization?.activations == right.quantization?.activations)
}
