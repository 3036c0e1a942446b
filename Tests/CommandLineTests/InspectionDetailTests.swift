import CheckpointWriting
import Checkpoints
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

@Suite("cnn-infer inspect in detail", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct InspectionDetailTests {
  /// A LeNet with values that are easily told, and a history of three epochs.
  private func checkpoint(bias: [Float] = [0, 1, 0, -2, 0, 4]) throws -> Checkpoint {
    let network = try Variant.named("lenet").network()
    var weights = HashedValues.weights(of: network)
    weights["conv1", .bias] = Tensor(shape: [6], bias)
    return Checkpoint(
      network: network, weights: weights,
      preprocessing: Preprocessing(channels: 1, height: 28, width: 28), labels: ["one", "two"],
      training: TrainingRecord(
        epoch: 3, step: 30, seed: 7, recipe: #"{"learningRate":0.1,"optimizer":"sgd"}"#,
        history: [
          HistoryColumn(name: "trainLoss", values: [2, 1, 0.5]),
          HistoryColumn(name: "testLoss", values: [2, 1.5, .nan]),
        ]))
  }

  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try checkpoint().write(to: workspace.folder.path("a.h5"))
    return workspace
  }

  @Test("--stats has the numbers of every tensor, in a table and in JSON")
  func statistics() throws {
    let workspace = try workspace()
    let text = try workspace.infer("inspect", "a.h5", "--stats")
    #expect(text.output.contains("conv1.bias"))
    for file in ["a.h5", "a.onnx", "a.safetensors"] {
      if file != "a.h5" {
        let format = String(file.dropFirst(2))
        #expect(
          try workspace.infer("export", "a.h5", "--format", format, "-o", file).status == 0)
      }
      let json = try workspace.infer("inspect", file, "--stats", "--json").objects()
      let all = try #require(json.first?["statistics"] as? [String: [String: Any]])
      #expect(all.keys.contains("fc3.weight"))
      let bias = try #require(all["conv1.bias"])
      #expect(bias["min"] as? Double == -2 && bias["max"] as? Double == 4)
      #expect(bias["mean"] as? Double == 0.5)
      let std = try #require(bias["std"] as? Double)
      #expect(abs(std - (21.0 / 6 - 0.25).squareRoot()) < 1e-12)
      #expect(bias["zeros"] as? Int == 3 && bias["nans"] as? Int == 0)
    }
  }

  @Test("A tree of layers, and a chart of each history")
  func tree() throws {
    let workspace = try workspace()
    let lines = try workspace.infer("inspect", "a.h5").outputLines
    #expect(lines[1].hasPrefix("layer "))
    #expect(lines[2].hasPrefix("├─ conv1 ") && lines[2].contains("624 bytes"))
    #expect(lines.contains { $0.hasPrefix("└─ fc3 ") })
    let chart = try #require(lines.firstIndex { $0 == "loss: ● trainLoss, ○ testLoss" })
    #expect(lines[chart + 1].hasPrefix("2.0000 ┤◉"))
    #expect(lines[chart + 8].hasPrefix("0.5000 ┤") && lines[chart + 8].hasSuffix("●"))
    #expect(lines[chart + 10].hasSuffix("3  epochs"))
  }

  @Test("--diff tells which tensors, labels and parts of the recipe differ, in any format")
  func difference() throws {
    let workspace = try workspace()
    var other = try checkpoint(bias: [0, 1, 0, -2, 0, 5])
    other.labels[1] = "three"
    other.training?.recipe = #"{"learningRate":0.2,"optimizer":"sgd"}"#
    try other.write(to: workspace.folder.path("b.h5"))
    _ = try workspace.infer("export", "b.h5", "--format", "safetensors", "-o", "b.safetensors")
    _ = try workspace.infer("export", "b.h5", "--format", "onnx", "-o", "b.onnx")
    for file in ["b.h5", "b.safetensors", "b.onnx"] {
      let result = try workspace.infer("inspect", "a.h5", "--diff", file, "--json")
      #expect(result.status == 0, "\(result.errors)")
      let diff = try #require(try result.objects().first?["diff"] as? [String: Any])
      #expect(diff["equal"] as? Bool == false)
      let facts = try #require(diff["differences"] as? [[String: String]])
      #expect(facts.map { $0["what"] } == ["label 1", "training recipe learningRate"])
      let tensors = try #require(diff["tensors"] as? [[String: Any]])
      let changed = tensors.filter { $0["differing"] as? Int != 0 }
      #expect(changed.count == 1 && tensors.count == 10)
      #expect(changed.first?["name"] as? String == "conv1.bias")
      #expect(changed.first?["maxDifference"] as? Double == 1)
      #expect(changed.first?["relative"] as? Double == 0.25)
    }
    let back = try workspace.infer("inspect", "b.onnx", "--diff", "a.h5").output
    #expect(back.contains("9 of 10 tensors are equal bit for bit"))
    let same = try workspace.infer("inspect", "a.h5", "--diff", "a.h5")
    #expect(same.output == "no difference to a.h5\n")
  }

  @Test("--diff names nodes and shapes of another network")
  func otherNetwork() throws {
    let workspace = try workspace()
    var other = try checkpoint()
    other.network = try other.network.adapted(classes: 7)
    other.weights = HashedValues.weights(of: other.network)
    try other.write(to: workspace.folder.path("b.h5"))
    let text = try workspace.infer("inspect", "a.h5", "--diff", "b.h5").output
    #expect(text.contains("node fc3"))
    #expect(text.contains("tensor fc3.weight  float32 10×84"))
    #expect(text.contains("float32 7×84"))
  }

  @Test("A quantised checkpoint shows its grids, and int8 weights in its layers")
  func quantization() throws {
    let workspace = try Workspace()
    var quantized = try checkpoint()
    let shape = [10, 84]
    quantized.weights["fc3", .weight] = Tensor(
      shape: shape, (0..<840).map { Int8(truncatingIfNeeded: $0) })
    quantized.weights.nodes["fc3"]?.weightScale = Tensor(
      shape: [10], [Float](repeating: 0.01, count: 10))
    quantized.quantization = Quantization(
      method: "minmax", samples: 64,
      activations: [
        "input": .init(scale: 0.5, zeroPoint: 3), "fc3": .init(scale: 0.25, zeroPoint: 128),
      ])
    try quantized.write(to: workspace.folder.path("q.h5"))
    let text = try workspace.infer("inspect", "q.h5")
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.contains("minmax, 64 images"))
    #expect(text.outputLines.contains { $0.hasPrefix("└─ fc3 ") && $0.hasSuffix("int8") })
    #expect(
      text.outputLines.contains { line in
        line.split(separator: " ") == ["input", "0.5", "3", "-1.5000", "126.00"]
      })
    let json = try workspace.infer("inspect", "q.h5", "--json").objects()
    let found = try #require(json.first?["quantization"] as? [String: Any])
    #expect(found["method"] as? String == "minmax")
    let grids = try #require(found["activations"] as? [String: [String: Any]])
    #expect(grids["fc3"]?["zeroPoint"] as? Int == 128)
  }

  @Test("NaNs of a foreign file are counted, not refused")
  func nans() throws {
    let workspace = try Workspace()
    let header = #"{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#
    let values: [Float] = [.nan, .infinity, 0, 2]
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    try workspace.folder.create(
      "x.safetensors", length + Data(header.utf8) + values.withUnsafeBytes { Data($0) })
    let json = try workspace.infer("inspect", "x.safetensors", "--stats", "--json").objects()
    let all = try #require(json.first?["statistics"] as? [String: [String: Any]])
    #expect(all["x"]?["nans"] as? Int == 1 && all["x"]?["infinities"] as? Int == 1)
    #expect(all["x"]?["mean"] as? Double == 1)
  }

  @Test("What --verify needs of a truncated file is kept in TMPDIR, and nothing stays there")
  func temporaryFolder() throws {
    let workspace = try workspace()
    let whole = try workspace.folder.read("a.h5")
    try workspace.folder.create("cut.h5", Data(whole.dropLast(100_000)))
    try workspace.folder.create("tmp/x")
    let good = try workspace.shell("TMPDIR=$PWD/tmp \"$infer\" verify-isolated -- cut.h5")
    #expect(good.status == 0 && good.output.contains("truncated"), "\(good.errors)")
    #expect(good.output.contains(#"weights\/fc1\/weight"#))
    let contents = try FileManager.default.contentsOfDirectory(
      atPath: workspace.folder.path("tmp"))
    #expect(contents == ["x"])
    let bad = try workspace.shell("TMPDIR=/absent \"$infer\" verify-isolated -- cut.h5")
    #expect(bad.output.contains("make a scratch file in"), "\(bad.output)")
    #expect(bad.output.contains("absent"))
  }

  @Test("Import says what it leaves out of a foreign file")
  func leftOut() throws {
    let workspace = try workspace()
    let script = #"""
      import numpy as np, sys
      from safetensors.numpy import load_file, save_file
      state = load_file("a.safetensors")
      state["bn1.num_batches_tracked"] = np.array(7)
      state["aux1.fc1.weight"] = np.zeros((2, 3), np.float32)
      save_file(state, "foreign.safetensors")
      """#
    _ = try workspace.infer("export", "a.h5", "--format", "safetensors", "-o", "a.safetensors")
    let interpreter = try #require(
      ProcessInfo.processInfo.environment["CNN_PYTHON"], "CNN_PYTHON names no interpreter")
    let made = try Tool.run(interpreter, ["-c", script], in: workspace.folder.url)
    #expect(made.status == 0, "\(made.errors)")
    let imported = try workspace.infer(
      "import", "foreign.safetensors", "--model", "lenet", "-o", "back.h5")
    #expect(imported.status == 0)
    #expect(
      imported.errors
        == "note: inference has no use for aux1.fc1.weight, bn1.num_batches_tracked\n")
    let diff = try workspace.infer("inspect", "a.h5", "--diff", "back.h5").output
    #expect(diff.hasSuffix("10 of 10 tensors are equal bit for bit\n"))
    let unnamed = try workspace.infer("import", "foreign.safetensors", "-o", "c.h5")
    #expect(unnamed.status == 1 && unnamed.errors.contains("--model"))
  }

  @Test("Import takes mean and deviation from flags, export adds a softmax")
  func flags() throws {
    let workspace = try workspace()
    let imported = try workspace.infer(
      "import", "a.h5", "--mean", "0.5", "--std", "0.25", "-o", "m.h5")
    #expect(imported.status == 0, "\(imported.errors)")
    let json = try workspace.infer("inspect", "m.h5", "--json").objects()
    let preprocessing = try #require(json.first?["preprocessing"] as? [String: Any])
    #expect(preprocessing["mean"] as? [Double] == [0.5])
    #expect(preprocessing["std"] as? [Double] == [0.25])
    for (flag, value) in [("--mean", "x"), ("--std", "0"), ("--mean", "1,2"), ("--std", "1,,1")] {
      let wrong = try workspace.infer("import", "a.h5", flag, value, "-o", "w.h5")
      #expect(wrong.status == 2, "\(flag) \(value): \(wrong.errors)")
      #expect(wrong.errorLines.count == 1)
    }
    let exported = try workspace.infer(
      "export", "a.h5", "--format", "onnx", "--with-softmax", "-o", "s.onnx")
    #expect(exported.status == 0)
    #expect(
      try workspace.infer("inspect", "s.onnx").output.contains("probabilities: FLOAT[batch×10]"))
    let clash = try workspace.infer(
      "export", "a.h5", "--format", "safetensors", "--with-softmax", "-o", "s")
    #expect(clash.status == 2)
  }
}
