import Foundation
import Testing

@Suite("cnn-infer inspect, export, import", .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct InspectTests {
  @Test("JSON has the promised keys in their order")
  func json() throws {
    let result = try Workspace().infer("inspect", "net.h5", "--json", "--verify")
    #expect(result.status == 0)
    let object = try #require(try result.objects().first)
    let keys = [
      "format", "version", "network", "parameters", "macs", "bytes", "precision", "arenaBytes",
      "activationBytes", "layers", "training", "labels", "preprocessing", "verified",
    ]
    #expect(Set(object.keys) == Set(keys))
    let places = keys.compactMap { result.output.range(of: "\"\($0)\":")?.lowerBound }
    #expect(places.count == keys.count)
    #expect(object["format"] as? String == "cnn-checkpoint")
    #expect(object["version"] as? Int == 1)
    #expect(object["network"] as? String == "lenet")
    #expect(object["parameters"] as? Int == 61_706)
    #expect(object["macs"] as? Int == 416_520)
    #expect(object["precision"] as? String == "fp32")
    #expect(object["verified"] as? Bool == true)
    #expect(object["training"] is NSNull)
    #expect(object["labels"] as? [String] == CheckpointFixture.labels)
    let preprocessing = try #require(object["preprocessing"] as? [String: Any])
    #expect(
      Set(preprocessing.keys) == [
        "channels", "height", "width", "scale", "mean", "std", "background", "resize",
        "resize_shorter_side", "invert",
      ])
    let layers = try #require(object["layers"] as? [[String: Any]])
    #expect(layers.first?["name"] as? String == "conv1")
    #expect(layers.first?["type"] as? String == "Conv2d")
    #expect(layers.first?["outputShape"] as? [Int] == [1, 6, 28, 28])
    #expect(layers.first?["parameters"] as? Int == 156)
  }

  @Test("For people it starts with the layers")
  func text() throws {
    let result = try Workspace().infer("inspect", "net.h5")
    #expect(result.outputLines.first == "lenet  input shape: 1×1×28×28  10 classes")
    #expect(result.output.contains("├─ conv1     Conv2d     1×6×28×28"))
    #expect(result.output.contains("\nlabels    ant, bee, cat, dog, eel, fox, gnu, hen, ibis\n"))
  }

  @Test("What is exported comes back with the same bits", arguments: ["onnx", "safetensors"])
  func roundTrip(format: String) throws {
    let workspace = try Workspace()
    let out = "out.\(format)"
    let exported = try workspace.infer("export", "net.h5", "--format", format, "-o", out)
    #expect(exported.status == 0, "\(exported.errors)")
    let described = try workspace.infer("inspect", out, "--json")
    #expect(try described.objects().first?["format"] as? String == format)
    let imported = try workspace.infer("import", out, "-o", "back.h5")
    #expect(imported.status == 0, "\(imported.errors)")
    let expected = try workspace.infer("a.png", "--json", "--top-k", "10")
    let found = try workspace.infer("a.png", "--json", "--top-k", "10", "--model", "back.h5")
    #expect(
      try found.objects().first?["predictions"] as? NSArray
        == expected.objects().first?["predictions"] as? NSArray)
  }

  @Test("A checkpoint for use only is written without the optimiser")
  func smaller() throws {
    let workspace = try Workspace()
    let result = try workspace.infer(
      "export", "net.h5", "--format", "checkpoint", "--output", "small.h5")
    #expect(result.status == 0)
    #expect(try workspace.infer("inspect", "small.h5", "--verify").status == 0)
  }

  @Test(
    "Nothing is written onto its own input, onto a folder, or into a folder that is not there",
    arguments: ["net.h5", "./net.h5", "folder", "absent/out.h5"])
  func badTargets(target: String) throws {
    let workspace = try Workspace()
    try workspace.folder.create("folder/x")
    let before = try Data(contentsOf: URL(fileURLWithPath: workspace.folder.path("net.h5")))
    for format in ["onnx", "safetensors", "checkpoint"] {
      let result = try workspace.infer("export", "net.h5", "--format", format, "-o", target)
      #expect(result.status == 1, "\(format)")
      #expect(result.errorLines.count == 1)
    }
    #expect(try workspace.infer("import", "net.h5", "-o", target).status == 1)
    let after = try Data(contentsOf: URL(fileURLWithPath: workspace.folder.path("net.h5")))
    #expect(before == after)
    #expect(!FileManager.default.fileExists(atPath: workspace.folder.path("absent")))
  }

  @Test("Labels come from a file, one a line, and not more than there are classes")
  func labels() throws {
    let workspace = try Workspace()
    try workspace.folder.create("ten.txt", Data("0\n1\n2\n3\n4\n5\n6\n7\n8\nnine\n".utf8))
    try workspace.folder.create("eleven.txt", Data("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10".utf8))
    _ = try workspace.infer("export", "net.h5", "--format", "onnx", "-o", "net.onnx")
    for input in ["net.h5", "net.onnx"] {
      let good = try workspace.infer("import", input, "--labels", "ten.txt", "-o", "ten.h5")
      #expect(good.status == 0, "\(good.errors)")
      #expect(try workspace.infer("inspect", "ten.h5").output.contains(", 8, nine\n"))
      let bad = try workspace.infer("import", input, "--labels", "eleven.txt", "-o", "eleven.h5")
      #expect(bad.status == 1)
      #expect(bad.errorLines.count == 1)
    }
  }
}
