import CommandSupport
import Datasets

/// Which arithmetic runs a network.
enum Precision: String, CaseIterable {
  /// The checkpoint's own.
  case auto
  case fp32
  case int8
}

/// What a checkpoint that this program writes says of its origin.
enum Producer {
  static let text = "cnn-infer \(Program.version)"
}

/// The flags that several commands share.
enum Flags {
  static let json = Flag("--json", help: "print one JSON object a line, and nothing else")
  static let output = Flag(
    "--output", "CKPT", .text("the path of a checkpoint"), short: "o",
    help: "where the checkpoint is written; required")
  static let precision = Flag(
    "--precision", "WORD", .choice, default: Precision.auto,
    help: "the arithmetic; auto is the checkpoint's own")
  static let threads = Flag(
    "--threads", "N", .integer(1...1024), defaultText: "the cores this process may use",
    help: "how many threads compute")
  static let dataset = Flag(
    "--dataset", "NAME", .choice(of: DatasetName.allCases), help: "a data set that is installed")
  static let quiet = Flag("--quiet", help: "print nothing but results and errors")
  static let data = Flag(
    "--data", "DIR", .text("a folder"),
    help: "a folder with MNIST's four IDX files, with train/ and test/ of a folder of PNGs for "
      + "each class, or with such folders alone")
}
