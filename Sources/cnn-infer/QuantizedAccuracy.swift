import Checkpoints
import CommandSupport
import Formatting
import Inference

/// What a float checkpoint and its int8 one reach on the same images.
struct QuantizedAccuracy {
  let float: Evaluation
  private(set) var int8: Evaluation
  private let data: DatasetEvaluation

  /// Evaluates the float checkpoint.
  init(of checkpoint: Checkpoint, on data: DatasetEvaluation) throws {
    self.data = data
    float = try data.run(
      Model.plan(of: checkpoint, threads: data.threads, batch: DatasetEvaluation.batchSize),
      checkpoint.preprocessing, title: "evaluating float32"
    ).evaluation
    int8 = float
  }

  /// Quantises, and evaluates the result.
  ///
  /// - Parameters:
  ///   - quantizer: What quantises.
  ///   - points: The points of accuracy that may be lost; nil keeps every layer in int8.
  /// - Returns: The checkpoint, and the layers that stay in float32.
  /// - Throws: `InferenceError`, or what loading an image throws.
  mutating func quantize(
    _ quantizer: Quantizer, losingAtMost points: Double?
  ) throws -> (checkpoint: Checkpoint, fallenBack: [String]) {
    let outcome = try quantizer.quantize(
      losingAtMost: (points ?? 100) / 100, of: float.accuracy
    ) { checkpoint, fallenBack in
      if let layer = fallenBack.last {
        let lost = Decimals.text((float.accuracy - int8.accuracy) * 100, 2)
        data.progress.note("\(lost) points lost: '\(layer)' computes in float32")
      }
      int8 = try data.run(
        Model.plan(of: checkpoint, threads: data.threads, batch: DatasetEvaluation.batchSize),
        checkpoint.preprocessing, title: "evaluating int8"
      ).evaluation
      return int8.accuracy
    }
    return (outcome.checkpoint, outcome.fallenBack)
  }
}
