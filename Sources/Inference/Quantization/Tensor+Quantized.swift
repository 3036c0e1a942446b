package import Checkpoints
package import Tensors

extension Tensor {
  /// The least scale of a channel, so that products with an activation's stay normal numbers.
  private static let leastScale = 0x1p-60
  /// What a channel's integers may add up to. It leaves a half of 31 bits for rounding.
  private static let sumLimit = 0x1p30

  /// Weights in int8, symmetric, with a scale for each slice of the outermost axis: its greatest
  /// magnitude becomes 127.
  ///
  /// The scale is wider where the sums could leave 32 bits: with `s` the weight's scale and `x` the
  /// input's, `2 · 255 · Σ|w / s| + |bias / (s · x)|` stays below 2³⁰, in which the products with the
  /// input and with its zero point are counted. Fully connected layers of more than 16,000 inputs and
  /// biases beyond 2²³ steps can come to that.
  ///
  /// - Parameters:
  ///   - bias: A number for each slice, or none.
  ///   - input: The grid of what is multiplied.
  /// - Returns: The integers, from −127 to 127, halves rounded to even, and the scales `[out]`.
  package func quantized(
    bias: [Float]?, input: Quantization.Activation
  ) -> (weight: Tensor, scale: Tensor) {
    let channels = shape[0], length = count / max(channels, 1)
    var integers = [Int8](repeating: 0, count: count)
    var scales = [Float](repeating: 1, count: channels)
    withFloats { values in
      for channel in 0..<channels {
        let range = channel * length..<(channel + 1) * length
        let scale = Self.scale(
          values[range], bias: bias?[channel] ?? 0, inputScale: Double(input.scale))
        for index in range {
          let steps = (values[index] / scale).rounded(.toNearestOrEven)
          integers[index] = Int8(min(max(steps, -127), 127))
        }
        scales[channel] = scale
      }
    }
    return (Tensor(shape: shape, integers), Tensor(shape: [channels], scales))
  }

  private static func scale(
    _ values: Slice<UnsafeBufferPointer<Float>>, bias: Float, inputScale: Double
  ) -> Float {
    var greatest: Float = 0, sum = 0.0
    for value in values {
      greatest = max(greatest, abs(value))
      sum += Double(abs(value))
    }
    let forSums = (510 * sum + abs(Double(bias)) / inputScale) / sumLimit
    let scale = max(Double(greatest) / 127, forSums, leastScale)
    return min(Float(scale), .greatestFiniteMagnitude)
  }
}
