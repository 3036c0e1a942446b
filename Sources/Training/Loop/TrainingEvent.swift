/// What a run tells while it goes.
public enum TrainingEvent: Sendable {
  /// Steps begin, or one was made: images done and to be done in this go over the epoch, and the
  /// epoch's means so far.
  case step(epoch: Int, done: Int, of: Int, mean: BatchResult)
  /// Some images of a part were evaluated.
  case evaluating(EvaluatedPart, done: Int, of: Int)
  /// An epoch, or what `maxSteps` left of it, was evaluated.
  case epoch(EpochRecord)
  /// A checkpoint was written.
  case saved(path: String)
}

/// What is evaluated after an epoch.
public enum EvaluatedPart: String, Sendable {
  /// The held-out part of the training images.
  case validation
  /// The test images.
  case test
}

/// How a run ended.
public enum TrainingOutcome: Sendable {
  /// All epochs or `maxSteps` are done, or the patience is at its end.
  case finished
  /// Somebody asked it to stop; the checkpoint is saved.
  case stopped
}
