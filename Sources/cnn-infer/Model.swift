import Checkpoints
import CommandSupport
import Hardware
import Inference
import Networks

/// A checkpoint that is ready to run.
struct Model {
  let path: String
  let checkpoint: Checkpoint
  let plan: Plan
  let threads: Int
  /// The arithmetic, never `auto`.
  let precision: Precision

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
    self.threads = threads ?? availableCores
    checkpoint = try Checkpoint(contentsOf: path, threads: self.threads)
    let isQuantized = checkpoint.weights.precision != .fp32
    if precision == .int8, !isQuantized { throw InferError.notQuantized(path: path) }
    self.precision = isQuantized && precision != .fp32 ? .int8 : .fp32
    plan = try Self.plan(
      of: checkpoint, precision: self.precision, threads: self.threads, batch: batch,
      expectedRuns: expectedRuns)
  }

  /// The plan of a checkpoint, in its own arithmetic or in fp32, as is one of int8 weights that knows of
  /// no activations.
  static func plan(
    of checkpoint: Checkpoint, precision: Precision = .auto, threads: Int, batch: Int,
    expectedRuns: Int = 1000
  ) throws -> Plan {
    let isFloat = precision == .fp32 || checkpoint.quantization?.activations.isEmpty ?? true
    return try Plan(
      network: checkpoint.network,
      weights: isFloat ? checkpoint.weights.inFloat32 : checkpoint.weights,
      quantization: isFloat ? nil : checkpoint.quantization, threads: threads, batch: batch,
      expectedRuns: expectedRuns)
  }
}
