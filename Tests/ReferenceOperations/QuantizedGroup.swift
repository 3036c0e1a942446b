import Checkpoints
import Networks

/// Nodes of a quantised network that are computed together and rounded once: one, the sum that it is
/// added to, and a clamp.
struct QuantizedGroup {
  let reference: QuantizedReference
  /// The first node.
  let node: Node
  /// The last node's name, whose grid rounds.
  let name: String
  /// What the last node limits values to.
  let clamp: ClosedRange<Float>
  /// The other operand of the sum; nil where there is none.
  let other: String?

  /// The shape of the result.
  var shape: TensorShape { reference.network.shape(of: name) }
  /// The grid of the result; nil for floats.
  var grid: Grid? { reference.grids[name] }

  /// The numbers of the first node's first input.
  var input: (elements: [Int], grid: Grid, shape: TensorShape) {
    reference.numbers(node.inputs[0])
  }

  /// `x − x₀` of the first node's first input: integers, whose sums double precision holds exactly.
  var units: Reference.Value {
    let (x, grid, shape) = input
    return Reference.Value(shape, x.map { Double($0 - Int(grid.zeroPoint)) })
  }

  /// What the numbers of a value stand for.
  func reals(_ name: String) -> [Float] {
    let (x, grid, _) = reference.numbers(name)
    return x.map { Float($0 - Int(grid.zeroPoint)) * grid.scale }
  }

  /// Values as the result, clamped and rounded; in units of its grid's scale if `inUnits`.
  func rounded(_ values: [Float], inUnits: Bool = false) -> QuantizedReference.Value {
    reference.rounded(values, name, shape, clamp: clamp, inUnits: inUnits)
  }

  func tensor(_ role: Parameter.Role) -> [Float] {
    reference.weights[node.name, role]?.floats ?? []
  }
}

// MARK: Products with int8 weights

extension QuantizedGroup {
  /// The int8 weights.
  var integers: [Double] {
    reference.weights[node.name, .weight]?.withInt8 { $0.map { Double($0) } } ?? []
  }

  /// Sums `Σ (x − x₀) w` with their biases `round(b / (s_x s_w))`, as the values that they stand for,
  /// with the sum's other operand, rounded.
  func finished(_ sums: Reference.Value) -> QuantizedReference.Value {
    let scales = reference.weights.nodes[node.name]?.weightScale?.floats ?? []
    let bias = reference.weights[node.name, .bias]?.floats ?? scales.map { _ in 0 }
    let plane = shape.height * shape.width, inputScale = input.grid.scale
    var values: [Float] = []
    for (index, sum) in sums.elements.enumerated() {
      let channel = index / plane
      let real = inputScale * scales[channel]
      let units = (bias[channel] / (scales[channel] * inputScale)).rounded(.toNearestOrEven)
      guard let whole = Int32(exactly: sum + Double(units)) else {
        preconditionFailure("a sum beyond 32 bits")
      }
      values.append(Float(whole) * (grid.map { real / $0.scale } ?? real))
    }
    if let other, let grid {
      let (r, residual, _) = reference.numbers(other)
      let factor = residual.scale / grid.scale
      for index in values.indices {
        let term = Float(r[index] - Int(residual.zeroPoint)) * factor
        values[index] = values[index] + term
      }
    }
    return rounded(values, inUnits: true)
  }
}
