import Checkpoints
import Networks
import Tensors

/// The weights of a layer that runs in int8: `acc = Σ (x − x₀) w + bias`, and
/// `acc · input scale · scale[o]` is the float that it stands for.
struct Int8Filters: Sendable {
  /// OIHW or `[out, in]`, int8.
  let weights: Tensor
  /// `[out]`.
  let scale: [Float]
  /// `[out]`, in units of input scale × scale.
  let bias: [Int32]
  let input: Grid

  /// Filters, or nil where a sum or a bias may not fit 32 bits: those run in floats.
  init?(weights: Tensor, scale: [Float], bias: [Float]?, input: Grid) {
    let outputs = weights.shape[0]
    guard scale.count == outputs, outputs > 0 else { return nil }
    // Every product of a byte by a byte is less than 2¹⁵ in size.
    let products = weights.count / outputs << 15
    var integers: [Int32] = []
    for (index, scale) in scale.enumerated() {
      guard let integer = input.units(of: bias?[index] ?? 0, weightScale: scale),
        abs(Int(integer)) + products <= Int32.max
      else { return nil }
      integers.append(integer)
    }
    self.weights = weights
    self.scale = scale
    self.bias = integers
    self.input = input
  }

  /// What a sum is multiplied by: to a number of `grid`, or to a float.
  func factors(to grid: Grid?) -> [Float] {
    scale.map { scale in
      let real = input.scale * scale
      return grid.map { real / $0.scale } ?? real
    }
  }

  /// A bias that makes up for elements that are `offset` less than the input's numbers, and for the
  /// input's zero point: it may wrap, as sums do on their way.
  func correctedBias(_ output: Int, sum: Int32, offset: Int32 = 0) -> Int32 {
    bias[output] &- (Int32(input.zeroPoint) &- offset) &* sum
  }
}
