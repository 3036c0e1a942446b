package import Networks
package import Tensors

/// The network computed as its formulas read, in double precision, node by node: slow, and the truth
/// that kernels and fused plans are tested against.
package enum Reference {
  /// A value of the network, row-major.
  package struct Value: Sendable {
    package let shape: TensorShape
    package var elements: [Double]

    package init(_ shape: TensorShape, _ elements: [Double]) {
      precondition(elements.count == shape.elementCount)
      self.shape = shape
      self.elements = elements
    }

    /// A value of zeros.
    package init(zeros shape: TensorShape) {
      self.init(shape, Array(repeating: 0, count: shape.elementCount))
    }

    /// The element of a feature map, 0 outside of it.
    subscript(channel: Int, y: Int, x: Int) -> Double {
      guard (0..<shape.height).contains(y), (0..<shape.width).contains(x) else { return 0 }
      return elements[(channel * shape.height + y) * shape.width + x]
    }

    /// A feature map whose elements a formula gives.
    static func make(
      _ shape: TensorShape, _ formula: (_ channel: Int, _ y: Int, _ x: Int) -> Double
    ) -> Value {
      var elements: [Double] = []
      elements.reserveCapacity(shape.elementCount)
      for channel in 0..<shape.channels {
        for y in 0..<shape.height {
          for x in 0..<shape.width { elements.append(formula(channel, y, x)) }
        }
      }
      return Value(shape, elements)
    }

    /// Each element by itself.
    func map(_ function: (Double) -> Double) -> Value { Value(shape, elements.map(function)) }
  }

  /// The logits of one image.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - weights: A float tensor for every parameter.
  ///   - input: The image `[C, H, W]`.
  /// - Returns: The class scores.
  package static func logits(_ network: Network, _ weights: Weights, input: [Float]) -> [Double] {
    values(network, weights, input: input)[network.output]?.elements ?? []
  }

  /// Every value of one image by its node's name.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - weights: A float tensor for every parameter.
  ///   - input: The image `[C, H, W]`.
  /// - Returns: The values, the input's under `Network.inputName`.
  package static func values(
    _ network: Network, _ weights: Weights, input: [Float]
  ) -> [String: Value] {
    var values = [Network.inputName: Value(network.input, input.map(Double.init))]
    for node in network.nodes {
      let arguments = Formula.Arguments(
        inputs: node.inputs.compactMap { values[$0] }, shape: network.shape(of: node.name),
        tensors: weights.nodes[node.name]?.parameters ?? [:])
      values[node.name] = Formula.of(node.operation).value(arguments)
    }
    return values
  }
}
