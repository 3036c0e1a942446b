import Checkpoints
import CommandSupport
import Datasets
import Training

/// What this program adds to errors of the libraries, which know no flags.
enum Advice {
  /// The flag that does what an error's message asks for; nil where there is none.
  static func text(for error: any Error) -> String? {
    switch error {
    case TrainingError.nothingFits: "see \(TrainFlags.initial.name) and \(TrainFlags.model.name)"
    case TrainingError.cannotLog: see(TrainFlags.log)
    case let error as TrainingError: error.setting.map { see($0.flag) }
    case DatasetError.fashionMNISTMissing: see(TrainFlags.data)
    case DatasetError.outOfMemory: see(TrainFlags.batchSize)
    case CheckpointError.noSeal: "cnn-infer import FILE.h5 -o CKPT"
    case CheckpointError.sealBroken: "cnn-infer inspect --verify shows what is damaged"
    case CheckpointError.missing(_, object: "/network"): "see --model of cnn-infer import"
    default: nil
    }
  }

  private static func see(_ flag: any FlagDeclaration) -> String { "see \(flag.name)" }
}

extension RunSetting {
  /// The flag that sets it.
  fileprivate var flag: any FlagDeclaration {
    switch self {
    case .epochs: TrainFlags.epochs
    case .batchSize: TrainFlags.batchSize
    case .learningRate: TrainFlags.learningRate
    case .momentum: TrainFlags.momentum
    case .weightDecay: TrainFlags.weightDecay
    case .labelSmoothing: TrainFlags.labelSmoothing
    case .warmupEpochs: TrainFlags.warmupEpochs
    case .clipNorm: TrainFlags.clipNorm
    case .averageDecay: TrainFlags.average
    case .validationSplit: TrainFlags.validationSplit
    case .patience: TrainFlags.patience
    case .precision: TrainFlags.precision
    case .seed: TrainFlags.seed
    case .limitTrain: TrainFlags.limitTrain
    case .classes: TrainFlags.classes
    case .frozen: TrainFlags.freeze
    case .initialWeights: TrainFlags.initial
    }
  }
}
