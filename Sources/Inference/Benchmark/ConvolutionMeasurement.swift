package import Networks

/// A convolution of a plan by one algorithm: what the cost model expects and what it took.
package struct ConvolutionMeasurement: Sendable {
  /// The step's name.
  package let name: String
  /// Input and output of one image.
  package let input, output: TensorShape
  /// Kernel, stride and groups.
  package let attributes: Convolution
  /// The output tile of Winograd's filtering; 0 for the implicit matrix product.
  package let outputTile: Int
  /// Images that go through the step together.
  package let images: Int
  /// The model's cost of these images without loading, in units of a vector FMA.
  package let cost: Double
  /// The median time of a batch.
  package let milliseconds: Double

  package typealias Convolution = NodeOperation.Convolution
}

extension BenchmarkSession {
  /// Measures the plan's convolutions, each by the algorithm that the plan has for it.
  ///
  /// - Returns: The convolutions in fp32, in the plan's order.
  /// - Throws: `InferenceError` where a run fails.
  package func convolutions() throws -> [ConvolutionMeasurement] {
    let layers = try layers()
    return plan.waves.flatMap { wave in
      wave.steps.compactMap { index -> ConvolutionMeasurement? in
        guard let (geometry, tile) = plan.program[index].convolution else { return nil }
        let images = min(options.batch, wave.images)
        let costs = ConvolutionCosts(
          kernels: KernelSet(plan.isa), batch: images, runs: .max, forced: nil)
        let algorithm = tile == 0 ? .implicitGEMM : ConvolutionAlgorithm.winograd(outputTile: tile)
        return ConvolutionMeasurement(
          name: layers[index].step.name, input: geometry.input, output: geometry.output,
          attributes: geometry.attributes, outputTile: tile, images: images,
          cost: costs.cost(of: geometry, by: algorithm) ?? 0,
          milliseconds: layers[index].milliseconds)
      }
    }
  }
}

extension Step {
  /// The convolution that this computes in fp32, and its output tile.
  fileprivate var convolution: (ConvolutionGeometry, outputTile: Int)? {
    if let step = self as? ConvolutionStep { return (step.geometry, 0) }
    if let step = self as? WinogradStep { return (step.geometry, step.shape.outputTile) }
    return nil
  }
}
