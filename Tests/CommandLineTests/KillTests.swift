import Checkpoints
import Foundation
import Testing

@Suite("Killed trainings", .serialized, .enabled(if: Tool.folder != nil, "\(Tool.absence)"))
struct KillTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private let recipe = TrainingFixture.recipe + ["--epochs", "100000"]
  private let common = ["--threads", "1", "--quiet", "--log", "log.jsonl"]

  /// Everything but the times.
  private func content(_ name: String) throws -> [String: [Float]] {
    let checkpoint = try Checkpoint(contentsOf: scratch.path(name), options: .trainingState)
    let training = try #require(checkpoint.training)
    var content: [String: [Float]] = ["place": [Float(training.epoch), Float(training.step)]]
    for parameter in checkpoint.network.parameters {
      content[parameter.key] = checkpoint.weights[parameter]?.floats
    }
    for (node, tensors) in training.optimizer {
      for (name, tensor) in tensors { content["\(node)/\(name)"] = tensor.floats }
    }
    for column in training.history where !["seconds", "imagesPerSecond"].contains(column.name) {
      content["history/\(column.name)"] = column.values.map(Float.init)
    }
    return content
  }

  /// Starts the trainer, kills it after some seconds; false where it had ended before.
  private func killed(after seconds: Double, _ arguments: [String]) throws -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Tool.path("cnn-train"))
    process.arguments = arguments + common
    process.currentDirectoryURL = scratch.url
    process.standardError = FileHandle.nullDevice
    try process.run()
    usleep(UInt32(seconds * 1e6))
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }

  /// The rows that the log held when the run was killed: one is written before each save.
  private var rows: Int {
    let text = try? String(contentsOfFile: scratch.path("log.jsonl"), encoding: .utf8)
    return text?.split(separator: "\n").count ?? 0
  }

  @Test("Fifty kills leave fifty whole checkpoints, and the run ends as one that was never killed")
  func kills() throws {
    try TrainingFixture.create(in: scratch)
    // A start, a step and a save: what machine, load and sanitizer make of them.
    let start = ContinuousClock.now
    let one = recipe + ["-o", "one.h5", "--max-steps", "1", "--threads", "1", "--quiet"]
    #expect(try Tool.run(Tool.path("cnn-train"), one, in: scratch.url).status == 0)
    let unit = (ContinuousClock.now - start) / .seconds(1)
    try FileManager.default.removeItem(atPath: scratch.path("one.h5"))
    var random = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0..<1 << 32, using: &random)
    print("kill -9 at moments of seed \(seed)")
    var state = seed
    var kills = 0
    var lastStep = -1
    for _ in 0..<50 {
      // A linear congruential generator, by D. Knuth's MMIX: from before the first step to long after.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let moment = unit * (0.1 + 2.4 * Double(state >> 40) / Double(1 << 24))
      let exists = FileManager.default.fileExists(atPath: scratch.path("net.h5"))
      let start = exists ? ["--resume", "net.h5"] : recipe + ["-o", "net.h5"]
      guard try killed(after: moment, start + ["--checkpoint-minutes", "0.0002"]) else { continue }
      kills += 1
      guard FileManager.default.fileExists(atPath: scratch.path("net.h5")) else { continue }
      let training = try #require(
        try Checkpoint(contentsOf: scratch.path("net.h5"), options: .trainingState).training)
      #expect(training.step >= lastStep, "seed \(seed)")
      #expect(training.epoch >= rows - 1, "seed \(seed): not older than the last save")
      lastStep = training.step
    }
    #expect(kills == 50 && lastStep > 0, "seed \(seed): \(kills) kills, step \(lastStep)")
    let end = ["--max-steps", "\(lastStep + 100)"]
    let arguments = ["--resume", "net.h5"] + end + common
    #expect(try Tool.run(Tool.path("cnn-train"), arguments, in: scratch.url).status == 0)
    #expect(try content("net.h5")["history/trainLoss"]?.count == rows)
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).sorted()
    #expect(left == ["data", "log.jsonl", "net.best.h5", "net.h5", "net.json"], "seed \(seed)")
    let whole = try Tool.run(
      Tool.path("cnn-train"), recipe + end + ["-o", "whole.h5", "--threads", "1", "--quiet"],
      in: scratch.url)
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(try content("net.h5") == content("whole.h5"), "seed \(seed)")
    #expect(try content("net.best.h5") == content("whole.best.h5"), "seed \(seed)")
  }
}
