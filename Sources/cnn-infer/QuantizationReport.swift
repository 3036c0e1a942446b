import Checkpoints
import CommandSupport
import Files
import Inference
import Networks

/// What `quantize` prints.
struct QuantizationReport {
  let quantizer: Quantizer
  let checkpoint: Checkpoint
  let fallenBack: [String]
  let accuracy: QuantizedAccuracy?

  /// A row for each layer, then the totals.
  var text: String {
    let layers = quantizer.layers.map { layer in
      [
        layer.name.printable, fallenBack.contains(layer.name) ? "float32" : "int8",
        layer.decibels.isFinite ? Decimals.text(layer.decibels, 1) : "exact",
      ]
    }
    let table = TextTable([["layer", "weights", "signal to noise, dB"]] + layers, numeric: [2])
    return "\(table)\n\n\(TextTable(totals))"
  }

  private var totals: [[String]] {
    let before = Self.bytes(of: quantizer.floatCheckpoint), after = Self.bytes(of: checkpoint)
    var rows = [["weights", "\(Decimals.bytes(before)) in float32, now \(Decimals.bytes(after))"]]
    if let quantization = checkpoint.quantization {
      rows.append(["calibrated", "\(quantization.method), \(quantization.samples) images"])
    }
    if !fallenBack.isEmpty {
      rows.append(["float32", fallenBack.map(\.printable).joined(separator: ", ")])
    }
    if let accuracy {
      let (before, after) = (accuracy.float, accuracy.int8)
      rows += [
        [
          "accuracy",
          "\(Decimals.percent(before.accuracy, 2)) in float32, now "
            + "\(Decimals.percent(after.accuracy, 2)), of \(after.images) images",
        ],
        [
          "agreement",
          "\(Decimals.percent(before.agreement(with: after), 2)) of them get the same class",
        ],
      ]
    }
    return rows
  }

  private static func bytes(of checkpoint: Checkpoint) -> Int {
    checkpoint.weights.nodes.values.reduce(0) { sum, node in
      node.parameters.values.reduce(sum + (node.weightScale?.byteCount ?? 0)) { $0 + $1.byteCount }
    }
  }
}
