public import Checkpoints

extension Quantizer {
  /// How far a quantisation went.
  ///
  /// ```swift
  /// let outcome = try quantizer.quantize(losingAtMost: 0.005, of: floatAccuracy) { checkpoint, _ in
  ///   try accuracy(of: checkpoint)
  /// }
  /// print(outcome.accuracy, outcome.fallenBack, outcome.checkpoint.network.name)
  /// ```
  public struct Outcome: Sendable {
    /// The int8 checkpoint.
    public let checkpoint: Checkpoint
    /// Layers that stay in float32, in the order in which they fell back.
    public let fallenBack: [String]
    /// What `accuracy` said of the checkpoint.
    public let accuracy: Double
  }

  /// Quantises every layer, the first and the last too; then lets those of the worst signal-to-noise
  /// ratio compute in float32 again, one after another, until the loss of accuracy is small enough.
  ///
  /// - Parameters:
  ///   - drop: The accuracy, as a fraction of 1, that may be lost.
  ///   - floatAccuracy: What the float checkpoint reaches.
  ///   - accuracy: Measures a checkpoint's accuracy, as a fraction of 1.
  /// - Returns: The first checkpoint that loses no more, or the one without an int8 layer.
  /// - Throws: What `accuracy` throws.
  public func quantize(
    losingAtMost drop: Double, of floatAccuracy: Double,
    accuracy: (_ checkpoint: Checkpoint, _ fallenBack: [String]) throws -> Double
  ) rethrows -> Outcome {
    let order = layers.sorted { $0.decibels < $1.decibels }.map(\.name)
    var fallenBack: [String] = []
    while true {
      let checkpoint = checkpoint(fallingBack: Set(fallenBack))
      let found = try accuracy(checkpoint, fallenBack)
      // A tenth of an image in a million is no loss, but rounding.
      guard floatAccuracy - found > drop + 1e-7, fallenBack.count < order.count else {
        return Outcome(checkpoint: checkpoint, fallenBack: fallenBack, accuracy: found)
      }
      fallenBack.append(order[fallenBack.count])
    }
  }
}
