import Checkpoints
import CommandSupport
import Datasets
import Images
import Interchange

/// What this program adds to errors of the libraries, which know no flags.
enum Advice {
  /// The flag or command that does what an error's message asks for; nil where there is none.
  static func text(for error: any Error) -> String? {
    switch error {
    case ImageError.tooLarge: see(ClassifyCommand.maxPixels)
    case ImageError.notPNG(_, kind: .hdf5):
      "a checkpoint goes after \(ClassifyCommand.model.name)"
    case InterchangeError.noNetwork, InterchangeError.missingTensors,
      InterchangeError.unexpectedTensors, CheckpointError.missing(_, object: "/network"):
      "see \(ImportCommand.model.name) of cnn-infer import"
    case CheckpointError.noSeal: "cnn-infer import FILE.h5 -o CKPT"
    case CheckpointError.sealBroken:
      "cnn-infer inspect \(InspectCommand.verify.name) shows what is damaged"
    case DatasetError.fashionMNISTMissing: see(Flags.data)
    case CommandError.noDefaultModel: see(ClassifyCommand.model)
    default: nil
    }
  }

  private static func see(_ flag: any FlagDeclaration) -> String { "see \(flag.name)" }
}
