import Checkpoints
import Tensors

extension ONNXGraphBuilder {
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
    let units = zip(bias.floats, weightScale.floats).compactMap {
      input.units(of: $0, weightScale: $1)
    }
    return units.count == bias.count ? units : nil
  }
}
