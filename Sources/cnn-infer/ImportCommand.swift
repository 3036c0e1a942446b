import CheckpointWriting
import Checkpoints
import CommandSupport
import Interchange
import Networks

/// `cnn-infer import`: weights of other programs become a checkpoint.
enum ImportCommand {
  static let model = Flag(
    "--model", "NAME", .text("a network's name, or a JSON file"),
    defaultText: "what the file says",
    help: "the network that the weights belong to: a name that cnn-train --list-models prints, or "
      + "a file that ends in .json")
  static let labels = Flag(
    "--labels", "FILE", .text("a file"), defaultText: "what the file says",
    help: "the classes' names, one a line")
  static let mean = Flag(
    "--mean", "X[,X,X]", .numbers(), defaultText: "what the file says, else ImageNet's for colours",
    help: "what is subtracted from scaled pixels, for all channels or one a channel; torchvision's "
      + "pretrained GoogLeNet wants 0.5")
  static let std = Flag(
    "--std", "X[,X,X]", .numbers(above: 0), defaultText: "as with --mean",
    help: "what they are then divided by; torchvision's pretrained GoogLeNet wants 0.5")

  static let command = Command(
    name: "import",
    abstract: "Makes a checkpoint of an ONNX, safetensors or HDF5 file.",
    discussion: "The file's name tells its format: .onnx, .safetensors, else HDF5 with a "
      + "checkpoint's groups, as h5py writes it, which only lacks the seal. Tensors fit by "
      + "PyTorch's names.",
    positional: .init("FILE", help: "a file with weights"),
    sections: [
      .init("Options", [Flags.output, model, labels, mean, std, Flags.threads, Flags.quiet])
    ],
    examples: [
      "cnn-infer import weights.h5 -o sealed.h5",
      "cnn-infer import resnet18.safetensors --model resnet18-imagenet -o resnet18.h5",
      "cnn-infer import g.safetensors --model googlenet-imagenet --mean 0.5 --std 0.5 -o g.h5",
    ],
    run: run)

  /// The same for HDF5, in a process that may crash.
  static let isolated = Command(
    name: "import-hdf5-isolated", abstract: "Seals an HDF5 file.",
    positional: .init("FILE", help: "an HDF5 file"),
    sections: [.init("Options", [Flags.output, model, labels, mean, std])],
    run: sealHDF5)

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    let path = arguments.positionals[0]
    let target = try arguments.output(besides: path)
    guard ForeignReport.knows(path) else {
      return try IsolatedProcess.run(
        [isolated.name ?? ""] + arguments.forwarded(path: path, target: target), path: path)
    }
    let network = try arguments[model].map(TextFile.network)
    let names = try arguments[labels].map(TextFile.labels)
    var imported = try Imported(byEnding: path, .init(network: network, labels: names))
    try checkLabels(names, arguments, imported.checkpoint.network)
    try normalize(&imported.checkpoint, arguments)
    try imported.checkpoint.write(to: target, producer: Producer.text)
    if !arguments[Flags.quiet] {
      tell(imported)
      let isGoogLeNet = imported.checkpoint.network.name == "googlenet-imagenet"
      if isGoogLeNet, !imported.ignored.isEmpty, !arguments.isGiven(mean) {
        ErrorLine.note("torchvision's pretrained GoogLeNet expects --mean 0.5 --std 0.5")
      }
    }
    return .success
  }

  private static func sealHDF5(_ arguments: Arguments) throws -> ExitCode {
    let names = try arguments[labels].map(TextFile.labels)
    var checkpoint = try CheckpointFile.importUnsealed(
      arguments.positionals[0], network: try arguments[model].map(TextFile.network), labels: names)
    try checkLabels(names, arguments, checkpoint.network)
    try normalize(&checkpoint, arguments)
    let target = try arguments.output(besides: arguments.positionals[0])
    try checkpoint.write(to: target, producer: Producer.text)
    return .success
  }

  private static func checkLabels(
    _ names: [String]?, _ arguments: Arguments, _ network: Network
  ) throws {
    guard let names else { return }
    if names.count < network.classCount, !arguments[Flags.quiet] {
      ErrorLine.note("\(names.count) labels for \(network.classCount) classes")
    }
    guard names.count > network.classCount else { return }
    throw InferError.tooManyLabels(
      path: arguments[labels] ?? "", found: names.count, classes: network.classCount)
  }

  /// Takes mean and deviation from the flags, where they are given.
  private static func normalize(_ checkpoint: inout Checkpoint, _ arguments: Arguments) throws {
    let channels = checkpoint.preprocessing.channels
    func values(_ flag: Flag<[Float]?>) throws -> [Float]? {
      guard let values = arguments[flag] else { return nil }
      if values.count == 1 { return Array(repeating: values[0], count: channels) }
      guard values.count == channels else {
        throw arguments.conflict(
          "\(flag.name) with \(values.count) numbers", "give one, or \(channels) for the channels")
      }
      return values
    }
    checkpoint.preprocessing.mean = try values(mean) ?? checkpoint.preprocessing.mean
    checkpoint.preprocessing.std = try values(std) ?? checkpoint.preprocessing.std
  }

  private static func tell(_ imported: Imported) {
    func list(_ names: [String]) -> String {
      names.prefix(5).joined(separator: ", ")
        + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
    if !imported.ignored.isEmpty {
      ErrorLine.note("inference has no use for \(list(imported.ignored))")
    }
    if !imported.renamed.isEmpty {
      ErrorLine.note("found under older names: \(list(imported.renamed))")
    }
  }
}

extension Arguments {
  /// The path after `--output`, which must not be the input's.
  fileprivate func output(besides input: String) throws -> String {
    let target = try required(Flags.output)
    guard !SameFile.check(input, target) else { throw InferError.outputIsInput(path: target) }
    return target
  }

  /// These arguments for the isolated command.
  fileprivate func forwarded(path: String, target: String) -> [String] {
    var words = ["--output=\(target)"]
    if let network = self[ImportCommand.model] { words.append("--model=\(network)") }
    if let file = self[ImportCommand.labels] { words.append("--labels=\(file)") }
    for flag in [ImportCommand.mean, ImportCommand.std] {
      if let values = self[flag] {
        words.append("\(flag.name)=\(values.map { "\($0)" }.joined(separator: ","))")
      }
    }
    return words + ["--", path]
  }
}
