/// Which algorithm a convolution gets.
struct ConvolutionCosts: Sendable {
  let kernels: KernelSet
  let threads, batch, runs: Int
  /// The algorithm of every convolution that it can compute; nil to choose.
  let forced: ConvolutionAlgorithm?

  func algorithm(of geometry: ConvolutionGeometry) -> ConvolutionAlgorithm {
    if let forced { return forced }
    if kernels.winograd == nil { return .implicitGEMM }
    return .winograd(outputTile: 4)
  }
}

extension FusedOperation.Convolution {
  /// The step that computes this by the algorithm that costs least.
  func step(
    kernels: KernelSet, costs: ConvolutionCosts, input: Location, output: Location,
    residual: Location?
  ) throws -> any Step {
    let algorithm = costs.algorithm(of: geometry)
    if let winograd = kernels.winograd, let shape = algorithm.winogradShape(geometry) {
      return WinogradStep(
        geometry: geometry, shape: shape,
        weights: try WinogradWeights(
          weights, scale: scale, shift: shift, geometry: geometry, shape: shape, kernels: winograd,
          threads: costs.threads),
        kernels: winograd, name: kernels.winogradName, input: input, output: output,
        residual: residual, relu: relu)
    }
    return ConvolutionStep(
      geometry: geometry,
      weights: try PackedWeights(
        weights, scale: scale, shift: shift, geometry: geometry, rows: kernels.gemm.rows,
        threads: costs.threads),
      kernels: kernels, input: input, output: output, residual: residual, relu: relu)
  }
}
