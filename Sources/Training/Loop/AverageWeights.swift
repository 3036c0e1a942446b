internal import Checkpoints
internal import Networks
internal import Tensors

/// The exponential moving average of every parameter that changes, running statistics included, in
/// the parameters' own layouts.
///
/// `average ← average + (1 − d) (value − average)` after each step, with `d` the smaller of the decay
/// and `(1 + step) / (10 + step)`, so that the initial weights are soon forgotten (as TensorFlow's
/// `ExponentialMovingAverage` with `num_updates` does it).
final class AverageWeights {
  private let decay: Double
  private let engine: Engine
  private let entries: [(state: ParameterState, average: Memory)]

  /// An average that begins with given values, or with the parameters' own.
  init(
    decay: Double, _ parameters: ParameterStore, startingFrom weights: Weights?, _ engine: Engine
  ) throws {
    self.decay = decay
    self.engine = engine
    entries = try parameters.states.filter { !$0.isFrozen }.map { state in
      let average = try Memory(state.value.layout, engine)
      if let tensor = weights?[state.parameter], tensor.shape == state.parameter.shape {
        try state.load(tensor, into: average, engine)
      } else {
        _ = average.floats.update(fromContentsOf: state.value.floats)
      }
      return (state, average)
    }
  }

  /// Takes the parameters' values of a step in; steps count from 1.
  func update(step: Int) {
    let share = Float(1 - min(decay, Double(1 + step) / Double(10 + step)))
    for (state, average) in entries {
      let (values, averages) = (state.value.floats, average.floats)
      parallelFor(values.count) { range in
        for index in range { averages[index] += share * (values[index] - averages[index]) }
      }
    }
  }

  /// Puts the averages in the parameters' place and the reverse; twice is not at all.
  func exchange() {
    for (state, average) in entries {
      let (values, averages) = (state.value.floats, average.floats)
      parallelFor(values.count) { range in
        for index in range {
          let value = values[index]
          values[index] = averages[index]
          averages[index] = value
        }
      }
      state.refreshRounded()
    }
  }

  /// What the optimiser works on, while `exchange` holds the averages in its place: row-major, by
  /// node and name.
  func underlyingTensors() throws -> [String: [String: Tensor]] {
    var result: [String: [String: Tensor]] = [:]
    for (state, memory) in entries {
      result[state.parameter.node, default: [:]][Self.name(state.parameter.role)] =
        try state.tensor(memory, engine)
    }
    return result
  }

  /// The name beside the optimiser's tensors of a parameter's value under its average.
  static func name(_ role: Parameter.Role) -> String { role.rawValue + suffix }

  /// What such names end in.
  fileprivate static let suffix = ".raw"
}

extension Checkpoint {
  /// The weights that the optimiser works on: those under the average where there is one.
  var underlyingWeights: Weights {
    var result = weights
    for parameter in network.parameters {
      let name = AverageWeights.name(parameter.role)
      if let tensor = training?.optimizer[parameter.node]?[name], tensor.shape == parameter.shape {
        result[parameter] = tensor
      }
    }
    return result
  }

  /// Whether `weights` are averages, with what is under them beside.
  var holdsAverage: Bool {
    training?.optimizer.values.contains { tensors in
      tensors.keys.contains { $0.hasSuffix(AverageWeights.suffix) }
    } ?? false
  }
}
