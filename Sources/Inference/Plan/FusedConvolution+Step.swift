extension FusedOperation.Convolution {
  /// The step that computes this by the algorithm that costs least.
  ///
  /// - Parameters:
  ///   - kernels: The instruction set's kernels.
  ///   - costs: What chooses the algorithm.
  ///   - threads: Threads that pack the weights.
  ///   - input: Where the input lies.
  ///   - output: Where the output goes.
  ///   - residual: What is added at the end.
  /// - Returns: The step, with its weights packed.
  /// - Throws: `InferenceError.outOfMemory`.
  func step(
    kernels: KernelSet, costs: ConvolutionCosts, threads: Int, input: Location,
    output: Location, residual: Location?
  ) throws -> any Step {
    let algorithm = costs.algorithm(of: geometry)
    if let winograd = kernels.winograd, let shape = algorithm.winogradShape(geometry) {
      return WinogradStep(
        geometry: geometry, shape: shape,
        weights: try WinogradWeights(
          weights, scale: scale, shift: shift, geometry: geometry, shape: shape, kernels: winograd,
          threads: threads),
        kernels: winograd, name: kernels.winogradName, input: input, output: output,
        residual: residual, clamp: clamp)
    }
    return ConvolutionStep(
      geometry: geometry,
      weights: try PackedWeights(
        weights, scale: scale, shift: shift, geometry: geometry, rows: kernels.gemm.rows,
        threads: threads),
      kernels: kernels, input: input, output: output, residual: residual, clamp: clamp)
  }
}
