import CKernels
import Networks

extension QuantizedOperation {
  /// The step that computes this.
  ///
  /// - Parameters:
  ///   - kernels: The instruction set's kernels.
  ///   - threads: Threads that pack the weights.
  ///   - inputs: Where the inputs lie.
  ///   - output: Where the output goes.
  /// - Returns: The step, with its weights packed.
  /// - Throws: `InferenceError.outOfMemory`.
  func step(
    kernels: KernelSet, threads: Int, inputs: [Location], output: Location
  ) throws -> any Step {
    let input = inputs[0]
    switch self {
    case .quantize(let grid, let shape):
      return QuantizeStep(grid: grid, shape: shape, kernels: kernels, input: input, output: output)
    case .dequantize(let grid, let shape):
      return PlanesStep(
        source: .bytes(grid), shape: shape, kernels: kernels, input: input, output: output)
    case .planes(let shape):
      return PlanesStep(
        source: .floats, shape: shape, kernels: kernels, input: input, output: output)
    case .flatten(let shape):
      return FlattenStep(shape: shape, kernels: kernels, input: input, output: output)
    case .convolution(let convolution):
      // Packed, they are not read again where they lie.
      defer { convolution.filters.weights.releasePages() }
      return try QuantizedConvolutionStep(
        convolution, kernels: kernels, threads: threads, input: input, output: output,
        residual: convolution.residual.map { ($0, inputs[1]) })
    case .linear(let linear):
      return try QuantizedLinearStep(
        linear, kernels: kernels, threads: threads, input: input, output: output)
    case .pool(let pool):
      return QuantizedPoolStep(pool: pool, kernels: kernels, input: input, output: output)
    case .lookup(let table, let shape, let name):
      return LookupStep(
        table: table, name: name, count: shape.elementCount, kernels: kernels, input: input,
        output: output)
    case .scale(let scale):
      return QuantizedScaleStep(scale, kernels: kernels, input: input, output: output)
    case .add(let add):
      return QuantizedAddStep(add: add, kernels: kernels, inputs: inputs, output: output)
    case .concat(let concat):
      return QuantizedConcatStep(concat, kernels: kernels, inputs: inputs, output: output)
    }
  }
}
