import Checkpoints
import CommandSupport
import Inference
import Networks

/// A checkpoint that is ready to run.
struct Model {
  let path: String
  let checkpoint: Checkpoint
  let plan: Plan
  let threads: Int

  /// Reads and compiles a checkpoint in the arithmetic asked for.
  ///
  /// - Parameters:
  ///   - path: The checkpoint.
  ///   - precision: The arithmetic.
  ///   - threads: Threads of a run; nil for all cores.
  ///   - batch: The images that most runs will have.
  ///   - expectedRuns: About how many runs there will be.
  /// - Throws: `CheckpointError`, `InferenceError`, or `InferError.notQuantized`.
  init(
    path: String, precision: Precision, threads: Int?, batch: Int = 1, expectedRuns: Int = 1000
  ) throws {
    self.path = path
    self.threads = threads ?? CommandSupport.availableCores()
    checkpoint = try Checkpoint(contentsOf: path, threads: self.threads)
    if precision == .int8, checkpoint.weights.precision == .fp32 {
      throw InferError.notQuantized(path: path)
    }
    plan = try Self.plan(
      of: checkpoint, threads: self.threads, batch: batch, expectedRuns: expectedRuns)
  }

  /// The plan of a checkpoint, in its own arithmetic.
  static func plan(
    of checkpoint: Checkpoint, threads: Int, batch: Int, expectedRuns: Int = 1000
  ) throws -> Plan {
    try Plan(
      network: checkpoint.network, weights: checkpoint.weights.inFloat32, threads: threads,
      batch: batch, expectedRuns: expectedRuns)
  }
}
