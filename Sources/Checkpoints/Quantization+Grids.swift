package import Networks

extension Quantization {
  /// The grid of every value of a network that has one: its own, or its input's where the operation
  /// keeps numbers on their grid. Dropout, which inference leaves out, has none of its own.
  ///
  /// - Parameter network: The checkpoint's network.
  /// - Returns: Grids by node name, and `input`.
  package func grids(of network: Network) -> [String: Activation] {
    var grids: [String: Activation] = [:]
    grids[Network.inputName] = activations[Network.inputName]
    for node in network.nodes {
      let traits = node.operation.traits
      let input = traits.contains(.keepsGrid) ? grids[node.inputs[0]] : nil
      grids[node.name] = traits.contains(.isTrainingOnly) ? input : activations[node.name] ?? input
    }
    return grids
  }
}

extension Quantization.Activation {
  /// A bias as the int32 that is added to sums of this grid's numbers times int8 weights: in units of
  /// input scale × weight scale.
  ///
  /// - Parameters:
  ///   - bias: The bias.
  ///   - weightScale: The scale of the channel's weights.
  /// - Returns: The nearest integer, halves to even; nil where it does not fit 32 bits.
  package func units(of bias: Float, weightScale: Float) -> Int32? {
    Int32(exactly: (bias / (weightScale * scale)).rounded(.toNearestOrEven))
  }
}
