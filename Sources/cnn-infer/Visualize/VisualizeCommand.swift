import Checkpoints
import CommandSupport
import Files
import Hardware
import Images
import Inference
import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `cnn-infer visualize`: what a network's layers see, as pictures.
enum VisualizeCommand {
  static let output = Flag(
    "--output", "DIR", .text("a folder"), short: "o",
    help: "the folder for the pictures, which need not exist; required")
  static let layers = Flag(
    "--layers", "WORD", .choice, default: Visualization.Layers.stages,
    help: "which feature maps: the last of each size, or those of all convolutions")
  static let classes = Flag(
    "--top-k", "N", .integer(1...20), default: 3,
    help: "for how many classes the places that speak for them are shown")

  static let command = Command(
    name: "visualize",
    abstract: "Draws a network's first filters, and what it sees in an image, as PNGs.",
    discussion:
      "With an image: the maps of low, middle and high layers, and where the evidence for "
      + "the likeliest classes lies. Open index.html in the folder.",
    positional: .init(
      "CKPT [IMAGE]", count: 1...2, help: "a checkpoint, and a PNG or '-' for standard input"),
    sections: [
      .init(
        "Options",
        [
          output, layers, classes, ClassifyCommand.invert, ClassifyCommand.maxPixels,
          Flags.threads, Flags.quiet,
        ])
    ],
    examples: ["cnn-infer visualize Models/lenet.h5 Samples/ankle-boot.png -o pictures"],
    run: run)

  private static func run(_ arguments: Arguments) throws -> ExitCode {
    let folder = try arguments.required(output)
    let path = arguments.positionals[0]
    let imagePath = arguments.positionals.dropFirst().first
    var checkpoint = try Checkpoint(contentsOf: path)
    checkpoint.weights = checkpoint.weights.inFloat32
    if arguments[ClassifyCommand.invert] { checkpoint.preprocessing.invert.toggle() }
    let image = try imagePath.map {
      try Image.reading($0, limits: ImageLimits(maxPixels: arguments[ClassifyCommand.maxPixels]))
    }
    try makeFolder(folder)
    let visualization = Visualization(
      checkpoint: checkpoint, threads: arguments[Flags.threads] ?? availableCores,
      layers: arguments[layers], classes: arguments[classes])
    var exhibition = Exhibition(folder: folder, input: imagePath)
    var facts = [("checkpoint", path), ("network", checkpoint.network.name)]
    if let image, let imagePath {
      let progress = ProgressReporter(quiet: arguments[Flags.quiet])
      let classes = try visualization.add(image, to: &exhibition, progress: progress)
      facts += [("image", imagePath), ("taken for", classes)]
    }
    try visualization.addFilters(to: &exhibition)
    try finish(exhibition, checkpoint.network.name, facts)
    return .success
  }

  private static func finish(
    _ exhibition: Exhibition, _ title: String, _ facts: [(String, String)]
  ) throws {
    let page = try exhibition.path("index.html")
    do {
      try ReplacementFile.replace(
        page, with: Array(exhibition.page(title: title, facts: facts).utf8))
    } catch {
      throw InferError.unwritable(path: page, reason: error.reason)
    }
    let rows = exhibition.entries.map { ["\(exhibition.folder)/\($0.file)".printable, $0.caption] }
    try StandardOutput.line(
      TextTable(rows + [[page.printable, "all of them on a page"]]).description)
  }

  private static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw InferError.unwritable(path: path, reason: "it is no folder and cannot be made one")
    }
  }
}

extension Image {
  /// The PNG of a path, or of standard input for `-`.
  static func reading(_ path: String, limits: ImageLimits) throws -> Image {
    path == ImageFiles.standardInput
      ? try Image(pngDescriptor: 0, limits: limits) : try Image(pngFile: path, limits: limits)
  }
}
