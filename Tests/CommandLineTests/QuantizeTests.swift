import Foundation
import Testing

@Suite("cnn-infer quantize", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct QuantizeTests {
  /// A checkpoint and twelve images of two classes in each part.
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    for part in ["train", "test"] {
      for (index, label) in ["bee", "gnu"].enumerated() {
        for image in 0..<6 {
          try workspace.folder.create(
            "data/\(part)/\(label)/\(image).png", PNGFixture.gray(seed: UInt8(index * 9 + image)))
        }
      }
    }
    return workspace
  }

  private func quantize(_ workspace: Workspace, _ more: String...) throws -> Tool.Result {
    try Tool.run(
      Tool.path("cnn-infer"), ["quantize", "net.h5", "-o", "int8.h5", "--data", "data"] + more,
      in: workspace.folder.url)
  }

  @Test(
    "Every method makes an int8 checkpoint that classifies, evaluates, exports and is described",
    arguments: ["minmax", "percentile", "mse", "entropy"])
  func methods(method: String) throws {
    let workspace = try workspace()
    let result = try quantize(workspace, "--method", method, "--samples", "10")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty)
    for layer in ["conv1", "conv2", "fc1", "fc2", "fc3"] {
      let row = result.outputLines.first { $0.hasPrefix("\(layer) ") }?.split(separator: " ")
      #expect(row?.dropFirst().first == "int8")
      #expect((row?.last.flatMap { Double($0) } ?? 0) > 20, "\(result.output)")
    }
    #expect(result.output.contains("\ncalibrated  \(method), 10 images\n"))
    #expect(result.output.contains("of 12 images\n") && result.output.contains("\nagreement "))
    let facts = try workspace.infer("inspect", "int8.h5", "--verify", "--json").objects()[0]
    #expect(facts["precision"] as? String == "int8" && facts["verified"] as? Bool == true)
    let quantization = try #require(facts["quantization"] as? [String: Any])
    #expect(quantization["samples"] as? Int == 10)
    #expect((quantization["activations"] as? [String: Any])?.count == 11)
    #expect(try workspace.infer("a.png", "b.png", "--model", "int8.h5").status == 0)
    for format in ["onnx", "safetensors", "checkpoint"] {
      let out = "out.\(format == "checkpoint" ? "h5" : format)"
      let exported = try workspace.infer("export", "int8.h5", "--format", format, "-o", out)
      #expect(exported.status == 0, "\(exported.errors)")
      guard format != "checkpoint" else { continue }
      #expect(try workspace.infer("import", out, "-o", "back.h5").status == 0)
      let same = try workspace.infer("inspect", "int8.h5", "--diff", "back.h5", "--json")
      let difference = try #require(try same.objects().first?["diff"] as? [String: Any])
      // A bias comes back from ONNX on the grid of its integers.
      if format == "safetensors" { #expect(difference["equal"] as? Bool == true) }
      #expect((difference["differences"] as? [Any])?.isEmpty == true)
    }
  }

  @Test("The drop that is allowed decides how many layers fall back, and they are told")
  func maxDrop() throws {
    let workspace = try workspace()
    let free = try quantize(workspace, "--max-drop", "100")
    #expect(free.status == 0 && !free.output.contains("\nfloat32 "))
    #expect(!free.output.contains("  float32 "))
    let none = try quantize(workspace, "--max-drop", "0", "--evaluate", "5")
    #expect(none.status == 0 && none.output.contains("of 5 images\n"), "\(none.errors)")
    let lost = none.errorLines.count { $0.contains("points lost: ") }
    #expect(none.errorLines.count == lost)
    let rows = none.outputLines.count { $0.split(separator: " ").dropFirst().first == "float32" }
    #expect(rows >= lost)
  }

  @Test("Without an evaluation nothing is said of accuracy")
  func noEvaluation() throws {
    let workspace = try workspace()
    let result = try quantize(workspace, "--evaluate", "none")
    #expect(result.status == 0 && !result.output.contains("accuracy"))
  }

  @Test("Flags that contradict each other are usage errors")
  func usage() throws {
    let workspace = try workspace()
    for words in [
      ["--max-drop", "1", "--evaluate", "none"], ["--evaluate", "0"], ["--evaluate", "some"],
      ["--samples", "0"], ["--max-drop", "-1"], ["--method", "median"],
      ["--dataset", "fashion-mnist"],
    ] {
      let result = try Tool.run(
        Tool.path("cnn-infer"), ["quantize", "net.h5", "-o", "o.h5", "--data", "data"] + words,
        in: workspace.folder.url)
      #expect(result.status == 2, "\(words): \(result.errors)")
    }
    #expect(try workspace.infer("quantize", "net.h5", "--data", "data").status == 2)
    #expect(try workspace.infer("quantize", "net.h5", "-o", "o.h5").status == 2)
    #expect(!FileManager.default.fileExists(atPath: workspace.folder.path("o.h5")))
  }

  @Test("An int8 checkpoint is not quantised again, nor one whose values overflow")
  func refused() throws {
    let workspace = try workspace()
    #expect(try quantize(workspace).status == 0)
    let again = try workspace.infer("quantize", "int8.h5", "-o", "o.h5", "--data", "data")
    #expect(again.status == 1 && again.errorLines.count == 1)
    #expect(again.errors.contains("quantised already: 'int8.h5'"))
    #expect(!FileManager.default.fileExists(atPath: workspace.folder.path("o.h5")))
  }

  @Test(
    "Nothing is written onto the input, onto a folder, or into a folder that is not there",
    arguments: ["net.h5", "./net.h5", "folder", "absent/out.h5"])
  func badTargets(target: String) throws {
    let workspace = try workspace()
    try workspace.folder.create("folder/x")
    let path = URL(fileURLWithPath: workspace.folder.path("net.h5"))
    let before = try Data(contentsOf: path)
    let result = try workspace.infer("quantize", "net.h5", "-o", target, "--data", "data")
    #expect(result.status == 1 && !result.isCrash && result.output.isEmpty)
    #expect(result.errorLines.count == 1 && result.errors.hasPrefix("error: "))
    #expect(try Data(contentsOf: path) == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: workspace.folder.url.path)
    #expect(Set(names) == ["a.png", "b.png", "net.h5", "data", "folder"], "\(names)")
  }

  @Test("Without space the message names the file, and what was there stays")
  func noSpace() throws {
    let workspace = try workspace()
    let before = Data("what was there".utf8)
    try workspace.folder.create("out", before)
    let result = try workspace.shell(
      #"ulimit -f 32; "$infer" quantize net.h5 --data data -o out"#)
    #expect(result.status == 1 && !result.isCrash, "\(result.status) \(result.errors)")
    #expect(result.errorLines.count == 1 && result.errors.contains("File too large"))
    let after = try Data(contentsOf: URL(fileURLWithPath: workspace.folder.path("out")))
    #expect(after == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: workspace.folder.url.path)
    #expect(Set(names) == ["a.png", "b.png", "net.h5", "data", "out"], "\(names)")
  }

  @Test("fp32 beside int8: agreement and difference, for programs and for people")
  func against() throws {
    let workspace = try workspace()
    #expect(try quantize(workspace).status == 0)
    let result = try workspace.infer(
      "evaluate", "int8.h5", "--against", "net.h5", "--data", "data", "--json")
    #expect(result.status == 0, "\(result.errors)")
    let object = try #require(try result.objects().first)
    #expect(
      Set(object.keys) == [
        "accuracy", "loss", "images", "imagesPerSecond", "confusion", "agreement",
        "accuracyDifference",
      ])
    let ours = try workspace.infer("evaluate", "net.h5", "--data", "data", "--json").objects()[0]
    let accuracy = try #require(object["accuracy"] as? Double)
    let float = try #require(ours["accuracy"] as? Double)
    #expect(object["accuracyDifference"] as? Double == accuracy - float)
    let agreement = try #require(object["agreement"] as? Double)
    #expect((0...1).contains(agreement) && abs(accuracy - float) <= 1 - agreement + 1e-9)
    let self0 = try workspace.infer(
      "evaluate", "net.h5", "--against", "net.h5", "--data", "data", "--json"
    ).objects()[0]
    #expect(self0["agreement"] as? Double == 1 && self0["accuracyDifference"] as? Double == 0)
    let text = try workspace.infer(
      "evaluate", "int8.h5", "--against", "net.h5", "--data", "data")
    #expect(text.output.contains("accuracy difference "))
    #expect(text.outputLines[0].split(separator: " ") == ["int8.h5", "net.h5"])
  }
}
