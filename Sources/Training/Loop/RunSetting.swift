/// A setting of a run that an error is about; a program tells its user where it is set.
public enum RunSetting: String, CaseIterable, Sendable {
  /// Passes over the training images.
  case epochs
  /// Images of a step.
  case batchSize = "batch size"
  /// The learning rate.
  case learningRate = "learning rate"
  /// Momentum.
  case momentum
  /// L2 regularisation.
  case weightDecay = "weight decay"
  /// The share of a label that is spread over all classes.
  case labelSmoothing = "label smoothing"
  /// Epochs of linear growth of the learning rate.
  case warmupEpochs = "warm-up epochs"
  /// The largest norm of all gradients together.
  case clipNorm = "gradient norm limit"
  /// The decay of the weights' moving average.
  case averageDecay = "decay of the average"
  /// The share of the training images that is held out.
  case validationSplit = "validation share"
  /// Epochs without a better validation loss.
  case patience
  /// The arithmetic.
  case precision
  /// The seed.
  case seed
  /// How many training images are used.
  case limitTrain = "limit of training images"
  /// The network's classes.
  case classes
  /// The parameters that keep their values.
  case frozen = "frozen parameters"
  /// The checkpoint whose weights a run begins with.
  case initialWeights = "initial weights"
}
