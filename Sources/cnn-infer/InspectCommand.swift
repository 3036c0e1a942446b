import Checkpoints
import CommandSupport
import Inference
import Interchange
import Networks

/// `cnn-infer inspect`: what a checkpoint holds.
enum InspectCommand {
  static let verify = Flag(
    "--verify", help: "check the checksum of every dataset, and name those that are damaged")

  static let command = Command(
    name: "inspect",
    abstract: "Prints what a checkpoint holds: its layers, input, labels, training and memory.",
    discussion: "Of an .onnx or .safetensors file it prints the tensors and the metadata.",
    positional: .init("FILE", help: "a checkpoint, or an .onnx or .safetensors file"),
    sections: [.init("Options", [verify, Flags.threads, Flags.json, Flags.quiet])],
    examples: ["cnn-infer inspect alexnet.h5", "cnn-infer inspect alexnet.h5 --verify --json"],
    run: run)

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    let path = arguments.positionals[0]
    if ForeignReport.knows(path) {
      if arguments[verify] {
        throw arguments.conflict("--verify", "only checkpoints have checksums")
      }
      let report = ForeignReport(path: path, file: try FileDescription.read(path))
      try StandardOutput.line(arguments[Flags.json] ? report.json.description : report.text)
      return .success
    }
    let isVerified: Bool? = arguments[verify] ? try VerifyCommand.verify(path) : nil
    let (checkpoint, file) = try CheckpointFile.read(path)
    let plan = try Plan(network: checkpoint.network, weights: checkpoint.weights)
    let report = InspectionReport(
      path: path, checkpoint: checkpoint, file: file, arenaBytes: plan.arenaBytes,
      activationBytes: plan.activationBytes, isVerified: isVerified)
    if arguments[Flags.json] {
      try StandardOutput.json(report.json)
    } else {
      try StandardOutput.line(report.text)
    }
    return .success
  }
}
