internal import CheckpointWriting
public import Checkpoints

/// Where and when a run's checkpoints are written. Holds both files, the last and the best, for as
/// long as it lives: a second run is told who has them. What a killed run left beside them is
/// removed.
public final class CheckpointSaving {
  /// Saves after every so many epochs, from 1.
  public let everyEpochs: Int
  private let writer: CheckpointWriter
  private let bestWriter: CheckpointWriter
  let producer: String
  private let interval: Duration?
  private var last = ContinuousClock().now

  /// Takes the right to write the file.
  ///
  /// - Parameters:
  ///   - path: The checkpoint's path; replaced when the first save is complete.
  ///   - everyEpochs: Saves after every so many epochs, from 1.
  ///   - minutes: Saves within an epoch after so many minutes; 0 for never.
  ///   - producer: The program and its version, for the file's `producer`.
  /// - Throws: `CheckpointError` where the path cannot be written, or another process holds it.
  public init(path: String, everyEpochs: Int = 1, minutes: Double = 5, producer: String) throws {
    writer = try CheckpointWriter(path: path)
    bestWriter = try CheckpointWriter(path: Self.bestPath(beside: path))
    self.everyEpochs = max(1, everyEpochs)
    self.producer = producer
    interval = minutes > 0 ? .seconds(min(minutes, 1e6) * 60) : nil
  }

  /// The checkpoint's path.
  public var path: String { writer.path }

  /// The best epoch's checkpoint: `alexnet.best.h5` beside `alexnet.h5`.
  public var bestPath: String { bestWriter.path }

  private static func bestPath(beside path: String) -> String {
    let name = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
      return path + ".best.h5"
    }
    return path[..<dot] + ".best.h5"
  }

  var isDue: Bool { interval.map { ContinuousClock().now - last >= $0 } ?? false }

  /// Replaces the checkpoint, whole or not at all.
  ///
  /// - Parameter checkpoint: What to write.
  /// - Throws: `CheckpointError`; the old file then stays.
  public func write(_ checkpoint: Checkpoint) throws {
    try writer.write(checkpoint, producer: producer)
    last = ContinuousClock().now
  }

  func writeBest(_ checkpoint: Checkpoint) throws {
    try bestWriter.write(checkpoint, producer: producer)
  }
}
