import Checkpoints
import Foundation
import Networks
import Testing

@Suite("cnn-train", .serialized, .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct TrainTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func train(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(Tool.path("cnn-train"), arguments + ["--threads", "2"], in: scratch.url)
  }

  private func checkpoint(_ name: String) throws -> Checkpoint {
    try Checkpoint(contentsOf: scratch.path(name), options: .trainingState)
  }

  private func floats(_ name: String) throws -> [[Float]] {
    let checkpoint = try checkpoint(name)
    return checkpoint.network.parameters.map { checkpoint.weights[$0]?.floats ?? [] }
  }

  @Test("Without flags, help describes the reference experiment")
  func help() throws {
    let help = try train("--help").output
    for text in ["(default: alexnet)", "(default: 128)", "(default: 0.01)", "(default: 10)"] {
      #expect(help.contains(text), "\(text)")
    }
  }

  @Test("The summary lists AlexNet's layers as the course notes do")
  func summary() throws {
    let result = try train("--summary")
    #expect(result.status == 0)
    #expect(result.output.contains(#/Conv2d +output shape: 1×96×54×54/#))
    #expect(result.output.contains(#/Linear +output shape: 1×10/#))
    #expect(result.output.contains("46,764,746 parameters"))
  }

  @Test("The list of models names every variant")
  func listModels() throws {
    let result = try train("--list-models")
    #expect(result.status == 0)
    for variant in Variant.all { #expect(result.output.contains("\n\(variant.name) ")) }
  }

  @Test("No step writes the initial weights, the same whatever the other flags, without data")
  func initialWeights() throws {
    for (name, extra) in [("a.h5", ["--batch-size", "7"]), ("b.h5", ["--data", "missing"])] {
      let arguments = ["--model", "lenet", "--max-steps", "0", "--seed", "5", "-o", name] + extra
      let result = try Tool.run(Tool.path("cnn-train"), arguments, in: scratch.url)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("saved \(name): the weights before any step\n"))
    }
    #expect(try floats("a.h5") == floats("b.h5"))
    #expect(try checkpoint("a.h5").training?.step == 0)
    #expect(try train("--model", "resnet18-imagenet", "--max-steps", "0").status == 0)
    #expect(try checkpoint("resnet18-imagenet.h5").network.classCount == 1000)
  }

  @Test("Five steps from a checkpoint are the five steps from the start, logged")
  func steps() throws {
    let recipe = [
      "--limit-train", "128", "--limit-test", "100", "--seed", "3", "--max-steps", "5",
      "--log", "log.jsonl",
    ]
    #expect(try train("--model", "lenet", "--seed", "3", "--max-steps", "0").status == 0)
    let resumed = try Tool.run(
      Tool.path("cnn-train"), ["--resume", "lenet.h5", "-o", "b.h5", "--threads", "2"] + recipe,
      in: scratch.url)
    #expect(resumed.status == 0, "\(resumed.errors)")
    let rows = try String(contentsOfFile: scratch.path("log.jsonl"), encoding: .utf8)
    #expect(rows.split(separator: "\n").count == 5)
    let direct = try Tool.run(
      Tool.path("cnn-train"), ["--model", "lenet", "-o", "a.h5", "--threads", "2"] + recipe,
      in: scratch.url)
    #expect(direct.status == 0, "\(direct.errors)")
    #expect(try floats("a.h5") == floats("b.h5"))
    #expect(try checkpoint("a.h5").labels.last == "Ankle boot")
  }

  @Test("A network from a JSON file trains on class folders")
  func folders() throws {
    for (index, name) in ["zebra", "ant"].enumerated() {
      for number in 0..<10 {
        try scratch.create(
          "data/\(name)/\(number).png", PNGFixture.gray(seed: UInt8(index * 100 + number)))
      }
    }
    let network = try Variant.named("lenet").network()
    try scratch.create("net.json", network.json())
    let result = try train("--model", "net.json", "--data", "data", "--epochs", "2")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("10 classes became the data set's 2"))
    let trained = try checkpoint("net.h5")
    #expect(trained.labels == ["ant", "zebra"])
    #expect(trained.training?.epoch == 2)
  }

  @Test(
    "SIGINT and SIGTERM save and end with 130 and 143, and resuming ends as an unbroken run",
    arguments: [("INT", Int32(130)), ("TERM", 143)])
  func signals(name: String, status: Int32) throws {
    let recipe = "--model lenet --limit-train 6000 --limit-test 100 --epochs 8 --batch-size 10"
    let line = """
      "$train" \(recipe) -o part.h5 --quiet --checkpoint-minutes 0.003 & pid=$!
      until [ -f part.h5 ]; do sleep 0.02; done; kill -\(name) $pid; wait $pid
      """
    let stopped = try Tool.shell(line, in: scratch.url)
    #expect(stopped.status == status, "\(stopped.errors)")
    let step = try #require(checkpoint("part.h5").training?.step)
    #expect(step > 0 && step < 4800, "stopped at step \(step)")
    #expect(try Tool.shell("\"$train\" --resume part.h5 --quiet", in: scratch.url).status == 0)
    #expect(
      try Tool.shell("\"$train\" \(recipe) -o whole.h5 --quiet", in: scratch.url).status == 0)
    #expect(try floats("part.h5") == floats("whole.h5"))
  }

  @Test("Bad data, networks, checkpoints and outputs get one line and exit code 1")
  func faults() throws {
    try scratch.create("text.json", Data("{\"name\": 3}".utf8))
    try scratch.create("cut.h5", Data("cnn-checkpoint 1\n".utf8))
    try scratch.create("empty/.keep", Data())
    try scratch.create("folder.h5/.keep", Data())
    try scratch.create("idx/train-images-idx3-ubyte", Data([0, 0, 8, 3, 0, 0]))
    let cases: [([String], String)] = [
      (["--model", "lenett"], "lenet"),
      (["--model", "missing.json"], "missing.json"),
      (["--model", "text.json"], "text.json"),
      (["--data", "nowhere"], "nowhere"),
      (["--data", "empty"], "empty"),
      (["--data", "idx"], "idx"),
      (["--resume", "cut.h5"], "cut.h5"),
      (["--resume", "gone.h5"], "gone.h5"),
      (["--model", "lenet", "-o", "folder.h5"], "folder.h5"),
      (["--model", "lenet", "-o", "no/such/place.h5"], "no/such"),
      (["--model", "lenet", "--log", "no/such/log"], "no/such/log"),
      (
        ["--model", "lenet", "--lr", "1e300", "--max-steps", "9", "-o", "nan.h5", "--quiet"],
        "; see --lr\n"
      ),
      (["--model", "lenet", "--freeze", "layer9"], "; see --freeze\n"),
      (["--model", "alexnet", "--image-size", "20", "--max-steps", "0"], "pool"),
    ]
    for (arguments, text) in cases {
      let result = try Tool.run(
        Tool.path("cnn-train"), arguments + ["--limit-train", "64"], in: scratch.url)
      #expect(result.status == 1 && !result.isCrash, "\(arguments): \(result.errors)")
      #expect(result.errorLines.count == 1, "\(arguments): \(result.errors)")
      #expect(result.errors.hasPrefix("error: ") && result.errors.contains(text))
    }
    #expect(!FileManager.default.fileExists(atPath: scratch.path("lenet.h5")))
  }

  @Test(
    "A wrong flag ends with 2",
    arguments: [
      ["--epoch", "3"], ["--lr", "fast"], ["--momentum", "1"], ["extra"],
      ["--dataset", "cifar"], ["--resume", "a.h5", "--model", "lenet"],
      ["--data", "d", "--dataset", "fashion-mnist"], ["--resume", "a.h5", "--image-size", "32"],
      ["--optimizer", "nesterov"], ["--model", "lenet", "-o", "a.h5", "--log", "a.h5"],
    ])
  func usage(arguments: [String]) throws {
    let result = try Tool.run(Tool.path("cnn-train"), arguments, in: scratch.url)
    #expect(result.status == 2, "\(result.errors)")
    #expect(result.errorLines.count == 1)
  }
}
