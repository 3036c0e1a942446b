import Checkpoints
import Networks
import Tensors

extension Lowered {
  /// A convolution with the batch norm, the sum and the clamp that follow it.
  struct Convolution: LoweredOperation {
    let geometry: ConvolutionGeometry
    let weights: Tensor
    /// Folded batch norm's factor of each filter.
    var scale: [Double]?
    /// Bias of each filter.
    var shift: [Double]
    /// Whether a second input is added at the end.
    var hasResidual = false
    var clamp = OutputClamp.none
    /// The same in int8; nil for what runs in floats.
    let int8: Int8Filters?

    func ending(in clamp: OutputClamp) -> (any LoweredOperation)? {
      var clamped = self
      clamped.clamp = self.clamp.then(clamp)
      return clamped
    }

    /// The step of the algorithm that costs least.
    func step(_ context: StepContext) throws -> any Step {
      // Packed, they are not read again where they lie.
      defer { weights.releasePages() }
      let algorithm = context.costs.algorithm(of: geometry)
      if let winograd = context.kernels.winograd, let shape = algorithm.winogradShape(geometry) {
        return try WinogradStep(self, shape: shape, kernels: winograd, context)
      }
      return try ConvolutionStep(self, context)
    }

    func int8Form(_ context: Int8Context) -> Int8Form? {
      guard let int8 else { return nil }
      return Int8Form(to: context.output) {
        defer { int8.weights.releasePages() }
        return try Int8ConvolutionStep(
          self, int8, residual: hasResidual ? context.grids.last : nil, to: context.output, $0)
      }
    }
  }
}

extension Lowering {
  mutating func lowerConvolution(
    _ node: Node, _ attributes: NodeOperation.Convolution
  ) throws {
    append(node, try convolution(node, attributes))
  }

  /// A convolution that nothing is fused into.
  func convolution(
    _ node: Node, _ attributes: NodeOperation.Convolution
  ) throws -> Lowered.Convolution {
    let bias = try tensor(node, .bias)?.floats.map(Double.init)
    let int8 = try int8Filters(node)
    return Lowered.Convolution(
      geometry: ConvolutionGeometry(
        input: network.shape(of: node.inputs[0]), output: network.shape(of: node.name),
        attributes: attributes),
      weights: try int8?.weights ?? required(node, .weight),
      shift: bias ?? Array(repeating: 0, count: attributes.outputChannels), int8: int8)
  }
}
