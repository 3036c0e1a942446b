public import Checkpoints

/// Where and when a run's checkpoints are written.
public final class CheckpointSaving {
  /// The checkpoint's path.
  public let path: String
  /// Saves after every so many epochs, from 1.
  public let everyEpochs: Int
  private let interval: Duration
  private var last = ContinuousClock().now

  /// A plan.
  ///
  /// - Parameters:
  ///   - path: The checkpoint's path; replaced when the first save is complete.
  ///   - everyEpochs: Saves after every so many epochs, from 1.
  ///   - minutes: Saves within an epoch after so many minutes; 0 for never.
  public init(path: String, everyEpochs: Int = 1, minutes: Double = 5) {
    self.path = path
    self.everyEpochs = max(1, everyEpochs)
    interval = minutes > 0 ? .seconds(minutes * 60) : .seconds(Int64.max / 2)
  }

  /// The best epoch's checkpoint: `alexnet.best.h5` beside `alexnet.h5`.
  public var bestPath: String {
    let stem = path.hasSuffix(".h5") ? String(path.dropLast(3)) : path
    return stem + ".best.h5"
  }

  var isDue: Bool { ContinuousClock().now - last >= interval }

  /// Replaces the checkpoint, whole or not at all.
  ///
  /// - Parameter checkpoint: What to write.
  /// - Throws: `CheckpointError`; the old file then stays.
  public func write(_ checkpoint: Checkpoint) throws {
    try checkpoint.write(to: path)
    last = ContinuousClock().now
  }

  func writeBest(_ checkpoint: Checkpoint) throws { try checkpoint.write(to: bestPath) }
}
