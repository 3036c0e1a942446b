/// Why training could not start or go on.
public enum TrainingError: Error, CustomStringConvertible {
  /// oneDNN refused a call.
  case oneDNN(status: Int, call: String, node: String)
  /// The recipe asks for something out of range.
  case invalidRecipe(setting: RunSetting, value: String, rule: String)
  /// The loss is not finite.
  case diverged(loss: Float, epoch: Int, step: Int, learningRate: Double)
  /// The data do not fit the network.
  case dataMismatch(what: String, where: String, remedy: String, setting: RunSetting? = nil)
  /// The checkpoint cannot be resumed with these settings.
  case cannotResume(difference: String, remedy: String, setting: RunSetting? = nil)
  /// A tensor that is needed is missing from the checkpoint.
  case missingTensor(name: String)
  /// No parameter of the network begins with a prefix of the frozen ones.
  case nothingToFreeze(prefix: String, network: String, example: String)
  /// Every parameter is frozen.
  case nothingToTrain(network: String)
  /// No tensor of the checkpoint fits the network.
  case nothingFits(checkpoint: String, network: String)
  /// The log cannot be written.
  case cannotLog(path: String, reason: String)
  /// The processor lacks the instructions of a precision.
  case unsupportedPrecision(String, needs: String)
  /// Memory for a tensor is refused.
  case outOfMemory(bytes: Int)

  /// What, where, and what to do.
  public var description: String {
    switch self {
    case .oneDNN(let status, let call, let node):
      "oneDNN refused \(call) (status \(status)): node '\(node)': report the network and the "
        + "version of libdnnl"
    case .invalidRecipe(let setting, let value, let rule):
      "invalid recipe: \(setting.rawValue) = \(value): it \(rule)"
    case .diverged(let loss, let epoch, let step, let learningRate):
      "loss became \(loss): epoch \(epoch), step \(step), learning rate \(learningRate): "
        + "try a smaller one; a checkpoint that was saved before is kept"
    case .dataMismatch(let what, let place, let remedy, _): "\(what): \(place): \(remedy)"
    case .cannotResume(let difference, let remedy, _):
      "cannot resume: \(difference): \(remedy)"
    case .unsupportedPrecision(let precision, let needs):
      "cannot train in \(precision): this processor has no \(needs): train in fp32"
    case .outOfMemory(let bytes):
      "not enough memory: a tensor of \(bytes) bytes: try smaller batches"
    case .nothingToFreeze(let prefix, let network, let example):
      "nothing to freeze: '\(prefix)': no parameter of \(network) begins so; give a node's name, "
        + "'\(example)' say"
    case .nothingToTrain(let network):
      "nothing to train: \(network): freeze fewer parameters"
    case .nothingFits(let checkpoint, let network):
      "no weight fits: '\(checkpoint)': it has no tensor of a name and shape of \(network)'s; "
        + "give another checkpoint or network"
    case .cannotLog(let path, let reason):
      "cannot write the log: '\(path)' (\(reason)): give another file"
    case .missingTensor(let name):
      "checkpoint lacks a tensor: \(name): use a checkpoint that cnn-train wrote"
    }
  }

  /// The setting that the user can change, where there is one.
  public var setting: RunSetting? {
    switch self {
    case .invalidRecipe(let setting, _, _): setting
    case .dataMismatch(_, _, _, let setting), .cannotResume(_, _, let setting): setting
    case .diverged: .learningRate
    case .unsupportedPrecision: .precision
    case .outOfMemory: .batchSize
    case .nothingToFreeze, .nothingToTrain: .frozen
    case .nothingFits: .initialWeights
    case .oneDNN, .cannotLog, .missingTensor: nil
    }
  }
}
