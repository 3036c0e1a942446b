import Checkpoints
import Foundation
import Networks
import Testing

@Suite("cnn-train's recipes", .serialized, .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct TrainRecipeTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func train(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(Tool.path("cnn-train"), arguments + ["--threads", "2"], in: scratch.url)
  }

  private func floats(_ name: String, _ node: String) throws -> [Float] {
    try #require(Checkpoint(contentsOf: scratch.path(name)).weights[node, .weight]).floats
  }

  private func createClasses() throws {
    for index in 0..<30 {
      try scratch.create("data/\(index % 3)/\(index).png", PNGFixture.gray(seed: UInt8(index)))
    }
  }

  @Test("Fine-tuning takes what fits, says what does not, and keeps what is frozen")
  func fineTuning() throws {
    try createClasses()
    #expect(try train("--model", "lenet", "--max-steps", "0", "-o", "base.h5").status == 0)
    let result = try train(
      "--init", "base.h5", "--data", "data", "--freeze", "conv1.", "--freeze", "conv2",
      "--epochs", "2", "--lr", "0.5", "--seed", "3", "-o", "tuned.h5")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("base.h5: 8 of 10 tensors fit lenet"))
    #expect(result.errors.contains("fc3.weight is 10×84 in the checkpoint, 3×84 in the network"))
    for node in ["conv1", "conv2"] {
      #expect(try floats("tuned.h5", node) == floats("base.h5", node))
    }
    #expect(try floats("tuned.h5", "fc1") != floats("base.h5", "fc1"))
    let nothing = try train(
      "--init", "base.h5", "--data", "data", "--freeze", "layer1", "-o", "x.h5")
    #expect(nothing.status == 1 && nothing.errors.contains("'layer1'"))
  }

  @Test("--ema, --augment, --validation-split and --patience are kept for --resume")
  func kept() throws {
    let recipe = [
      "--model", "lenet", "--limit-train", "200", "--limit-test", "50", "--batch-size", "20",
      "--ema", "0.9", "--augment", "flip-crop", "--validation-split", "0.2", "--patience", "3",
      "--lr", "0.4", "--epochs", "3", "--quiet", "--threads", "2",
    ]
    func run(_ arguments: [String]) throws {
      let result = try Tool.run(Tool.path("cnn-train"), arguments, in: scratch.url)
      #expect(result.status == 0, "\(result.errors)")
    }
    try run(recipe + ["-o", "whole.h5", "--log", "log.jsonl"])
    try run(recipe + ["-o", "part.h5", "--max-steps", "11"])
    try run(["--resume", "part.h5", "--max-steps", "24", "--threads", "2"])
    #expect(try floats("part.h5", "fc1") == floats("whole.h5", "fc1"))
    let log = try String(contentsOfFile: scratch.path("log.jsonl"), encoding: .utf8)
    #expect(log.split(separator: "\n").allSatisfy { $0.contains("\"validationLoss\":") })
    let other = try train("--resume", "part.h5", "--validation-split", "0.3", "--epochs", "9")
    #expect(other.status == 1 && other.errors.contains("--validation-split"), "\(other.errors)")
  }

  @Test("A report is written at the end, and again from the finished run's checkpoint")
  func report() throws {
    try createClasses()
    let recipe = ["--model", "lenet", "--data", "data", "--epochs", "2", "--report", "run.html"]
    let arguments = recipe + ["--threads", "2"]
    let result = try Tool.run(Tool.path("cnn-train"), arguments, in: scratch.url)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("wrote run.html and run.png"))
    let page = try String(contentsOfFile: scratch.path("run.html"), encoding: .utf8)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<h1>lenet</h1>"))
    let png = try Data(contentsOf: scratch.url.appendingPathComponent("run.png"))
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let again = try train("--resume", "lenet.h5", "--report", "again.html")
    #expect(again.status == 0 && again.errors.contains("nothing left to do"), "\(again.errors)")
    #expect(try Data(contentsOf: scratch.url.appendingPathComponent("again.png")) == png)
    let missing = try train("--model", "lenet", "--data", "data", "--report", "no/such/run.html")
    #expect(missing.status == 1 && missing.errors.contains("no/such/run.html"))
  }

  @Test(
    "Flags that do not go together end with 2",
    arguments: [
      ["--resume", "a.h5", "--init", "b.h5"], ["--patience", "3"], ["--ema", "1"],
      ["--validation-split", "1"], ["--augment", "crop"],
      ["--init", "a.h5", "-o", "a.h5"], ["-o", "a.html", "--report", "a.html"],
      ["--log", "a.png", "--report", "a.html"],
    ])
  func usage(arguments: [String]) throws {
    #expect(try train("--model", "lenet", "--max-steps", "0", "-o", "a.h5").status == 0)
    let result = try Tool.run(Tool.path("cnn-train"), arguments, in: scratch.url)
    #expect(result.status == 2, "\(result.errors)")
    #expect(result.errorLines.count == 1)
  }
}
