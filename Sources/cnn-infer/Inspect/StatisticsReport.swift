import Checkpoints
import CommandSupport
import Files
import Networks
import Tensors

/// What the values of tensors are like: `inspect --stats`.
struct StatisticsReport {
  /// A tensor by its key, with what its values are like.
  typealias Entry = (name: String, shape: [Int], statistics: TensorStatistics)

  let entries: [Entry]

  init(_ entries: [Entry]) { self.entries = entries }

  /// Every tensor of a checkpoint, int8 weights as they are stored.
  init(_ checkpoint: Checkpoint) {
    entries = checkpoint.namedTensors.map {
      ($0.name, $0.tensor.shape, TensorStatistics($0.tensor))
    }
  }

  var text: String {
    var rows = [["tensor", "shape", "min", "max", "mean", "std", "zeros", "NaN", "infinite"]]
    for (name, shape, values) in entries {
      rows.append([
        name.printable, "\(TensorShape(shape))",
        Self.digits(values.min), Self.digits(values.max), Self.digits(values.mean),
        Self.digits(values.std), values.zeros.grouped, values.nans.grouped,
        values.infinities.grouped,
      ])
    }
    return TextTable(rows, numeric: [2, 3, 4, 5, 6, 7, 8]).description
  }

  var json: JSONValue {
    .object(
      entries.map { name, shape, values in
        .init(
          name,
          .object([
            .init("shape", .array(shape.map { .integer($0) })),
            .init("min", .number(values.min)),
            .init("max", .number(values.max)),
            .init("mean", .number(values.mean)),
            .init("std", .number(values.std)),
            .init("zeros", .integer(values.zeros)),
            .init("nans", .integer(values.nans)),
            .init("infinities", .integer(values.infinities)),
          ]))
      })
  }

  /// Five significant digits.
  static func digits(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return Decimals.shortest(value) }
    let size = abs(value)
    guard size >= 1e-4, size < 1e6 else {
      let exponent = size.exponent10
      let mantissa = Decimals.text(value / exponent.power10, 4)
      return "\(mantissa)e\(exponent)"
    }
    return Decimals.text(value, max(0, 4 - size.exponent10))
  }
}

extension Double {
  /// The exponent of the greatest power of ten that is not above the number.
  fileprivate var exponent10: Int {
    var exponent = 0
    while exponent.power10 > self { exponent -= 1 }
    while (exponent + 1).power10 <= self { exponent += 1 }
    return exponent
  }
}

extension Int {
  /// Ten to this power.
  fileprivate var power10: Double {
    (0..<Swift.abs(self)).reduce(1.0) { power, _ in self < 0 ? power / 10 : power * 10 }
  }
}

extension Checkpoint {
  /// Every tensor under its key, a weight's scales behind it.
  var namedTensors: [(name: String, tensor: Tensor)] {
    network.parameters.flatMap { parameter in
      var found: [(name: String, tensor: Tensor)] = []
      if let tensor = weights[parameter] { found.append((parameter.key, tensor)) }
      if parameter.role == .weight, let scale = weights.nodes[parameter.node]?.weightScale {
        found.append(("\(parameter.key)_scale", scale))
      }
      return found
    }
  }
}
