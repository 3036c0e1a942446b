import Checkpoints
import Networks

extension GraphBuilder {
  /// The grid on which a node's result is rounded: what calibration found for it, or its input's
  /// where the operation keeps values on their grid, so that what reads it sees integers.
  /// Dropout, being left out, has none of its own.
  func grid(of node: Node) -> Quantization.Activation? {
    guard let activations = checkpoint.quantization?.activations else { return nil }
    if let own = activations[node.name] { return own }
    switch node.operation {
    case .maxPool, .relu, .flatten, .dropout: return grids[node.inputs[0]]
    case .convolution, .linear, .averagePool, .adaptiveAveragePool, .batchNorm,
      .localResponseNorm, .sigmoid, .tanh, .add, .concat:
      return nil
    }
  }

  /// Rounds a value to its grid: `QuantizeLinear` to uint8 and back.
  mutating func addGrid(
    _ grid: Quantization.Activation, stem: String, from value: String, to output: String
  ) {
    let scale = constant("\(stem)/scale", [grid.scale], shape: [])
    let zero = constant("\(stem)/zero_point", .uint8, [], [grid.zeroPoint])
    add("QuantizeLinear", "\(stem)/quantized", [value, scale, zero])
    add("DequantizeLinear", output, ["\(stem)/quantized", scale, zero], node: "\(stem)/dequantize")
  }

  /// Adds an int8 weight with a scale per output channel.
  ///
  /// - Returns: The name of its float value.
  mutating func quantizedWeight(_ key: String, _ weight: Tensor, _ scale: Tensor) -> String {
    let zeros = [UInt8](repeating: 0, count: scale.count)
    return dequantized(
      key,
      [
        parameter(key, weight), parameter("\(key)_scale", scale),
        constant("\(key)_zero_point", .int8, scale.shape, zeros),
      ])
  }

  /// Adds a bias as the int32 that integer kernels add to their accumulators.
  ///
  /// - Returns: The name of its float value.
  mutating func quantizedBias(
    _ key: String, _ bias: [Int32], _ weightScale: Tensor, _ input: Quantization.Activation
  ) -> String {
    let count = bias.count
    let name = constant(key, .int32, [count], bias.flatMap { littleEndian($0) })
    let scale = constant(
      "\(key)_scale", weightScale.floats.map { $0 * input.scale }, shape: [count])
    let zeros = [UInt8](repeating: 0, count: 4 * count)
    return dequantized(key, [name, scale, constant("\(key)_zero_point", .int32, [count], zeros)])
  }

  private mutating func dequantized(_ key: String, _ inputs: [String]) -> String {
    let name = "\(key)/dequantized"
    add("DequantizeLinear", name, inputs, [("axis", .integer(0))])
    return name
  }

  /// The bias in units of `input scale × weight scale`, or nil where it does not fit 32 bits and
  /// stays a float.
  func quantized(
    _ bias: Tensor, _ weightScale: Tensor, _ input: Quantization.Activation
  ) -> [Int32]? {
    var result: [Int32] = []
    for (value, scale) in zip(bias.floats, weightScale.floats) {
      let units = (value / (scale * input.scale)).rounded(.toNearestOrEven)
      guard let integer = Int32(exactly: units) else { return nil }
      result.append(integer)
    }
    return result
  }
}
