import Checkpoints
import CommandSupport
import Hardware
import Inference
import Interchange
import Networks

/// `cnn-infer inspect`: what a checkpoint holds.
enum InspectCommand {
  static let verify = Flag(
    "--verify", help: "check the checksum of every dataset, and name those that are damaged")

  static let statistics = Flag(
    "--stats",
    help: "print least, greatest and mean value, deviation, zeros and NaNs of every tensor")
  static let other = Flag(
    "--diff", "FILE", .text("a file"),
    help: "print instead what differs in another checkpoint, .onnx or .safetensors file")

  static let command = Command(
    name: "inspect",
    abstract: "Prints what a checkpoint holds: its layers, input, labels, training and memory.",
    discussion: "Of an .onnx or .safetensors file it prints the tensors and the metadata.",
    positional: .init("FILE", help: "a checkpoint, or an .onnx or .safetensors file"),
    sections: [
      .init("Options", [statistics, other, verify, Flags.threads, Flags.json, Flags.quiet])
    ],
    examples: [
      "cnn-infer inspect alexnet.h5", "cnn-infer inspect alexnet.h5 --verify --json",
      "cnn-infer inspect alexnet.h5 --diff alexnet.best.h5",
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    let path = arguments.positionals[0]
    if ForeignReport.knows(path) { return try runForeign(path, arguments) }
    let isVerified: Bool? =
      arguments[verify] ? try VerifyCommand.verify(path, json: arguments[Flags.json]) : nil
    let (checkpoint, file) = try CheckpointFile.read(path)
    let plan = try Model.plan(
      of: checkpoint, threads: arguments[Flags.threads] ?? availableCores, batch: 1,
      expectedRuns: 1)
    let report = InspectionReport(
      path: path, checkpoint: checkpoint, file: file, arenaBytes: plan.arenaBytes,
      activationBytes: plan.activationBytes, isVerified: isVerified,
      statistics: arguments[statistics] ? StatisticsReport(checkpoint) : nil,
      difference: try arguments[other].map { try difference(of: checkpoint, to: $0) })
    try print(arguments, json: { report.json }, text: { report.text })
    return .success
  }

  private static func runForeign(_ path: String, _ arguments: Arguments) throws -> ExitCode {
    if arguments[verify] {
      throw arguments.conflict("--verify", "only checkpoints have checksums")
    }
    let file = try FileDescription.read(path, statistics: arguments[statistics])
    let report = ForeignReport(
      path: path, file: file,
      difference: try arguments[other].map { other in
        // Each may need the other's network: this file's own, or else the other's.
        let second = try? AnyCheckpoint.read(other)
        let first = try AnyCheckpoint.read(path, network: second?.network)
        return try second.map { DifferenceReport(first, $0, path: other) }
          ?? difference(of: first, to: other)
      })
    try print(arguments, json: { report.json }, text: { report.text })
    return .success
  }

  private static func difference(
    of checkpoint: Checkpoint, to path: String
  ) throws -> DifferenceReport {
    let other = try AnyCheckpoint.read(path, network: checkpoint.network)
    return DifferenceReport(checkpoint, other, path: path)
  }

  private static func print(
    _ arguments: Arguments, json: () -> JSONValue, text: () -> String
  ) throws {
    if arguments[Flags.json] {
      try StandardOutput.json(json())
    } else {
      try StandardOutput.line(text())
    }
  }
}
