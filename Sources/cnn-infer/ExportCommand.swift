import CheckpointWriting
import Checkpoints
import CommandSupport
import Interchange

/// `cnn-infer export`: a checkpoint for other programs.
enum ExportCommand {
  /// What can be written.
  enum Format: String, CaseIterable {
    case onnx, safetensors, checkpoint
  }

  static let format = Flag(
    "--format", "WORD", .choice(of: Format.allCases),
    help: "what to write; checkpoint leaves out what only training needs; required")
  static let output = Flag(
    "--output", "OUT", .text("a path"), short: "o", help: "where it is written; required")
  static let preprocessing = Flag(
    "--with-preprocessing",
    help: "let the ONNX graph prepare the image: its input is then bytes of any size")
  static let softmax = Flag(
    "--with-softmax", help: "let the ONNX graph have a second output, the classes' probabilities")

  static let command = Command(
    name: "export",
    abstract: "Writes a checkpoint as ONNX, safetensors or a smaller checkpoint.",
    positional: .init("CKPT", help: "a checkpoint"),
    sections: [
      .init("Options", [format, output, preprocessing, softmax, Flags.threads, Flags.quiet])
    ],
    examples: ["cnn-infer export alexnet.h5 --format onnx -o alexnet.onnx"],
    run: run)

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    let format = try arguments.required(format)
    let target = try arguments.required(output)
    for flag in [preprocessing, softmax] where arguments[flag] && format != .onnx {
      throw arguments.conflict(flag.name, "it goes with --format onnx only")
    }
    let path = arguments.positionals[0]
    guard !SameFile.check(path, target) else { throw InferError.outputIsInput(path: target) }
    let checkpoint = try Checkpoint(contentsOf: path)
    switch format {
    case .onnx:
      let export = ONNXExport(
        softmax: arguments[softmax], preprocessing: arguments[preprocessing])
      try export.write(checkpoint, to: target, input: path)
    case .safetensors: try Safetensors.write(checkpoint, to: target, input: path)
    case .checkpoint: try checkpoint.write(to: target, producer: Producer.text)
    }
    return .success
  }
}
