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
      values[node.name] = value(
        of: node, inputs: node.inputs.compactMap { values[$0] },
        shape: network.shape(of: node.name), weights.nodes[node.name]?.parameters ?? [:])
    }
    return values
  }

  private static func value(
    of node: Node, inputs: [Value], shape: TensorShape, _ tensors: [Parameter.Role: Tensor]
  ) -> Value {
    let x = inputs[0]
    func tensor(_ role: Parameter.Role) -> [Double] {
      (tensors[role]?.floats ?? []).map(Double.init)
    }
    switch node.operation {
    case .convolution(let attributes):
      return convolution(x, tensor(.weight), tensor(.bias), attributes, shape)
    case .linear: return linear(x, tensor(.weight), tensor(.bias), shape)
    case .maxPool(let window): return maxPool(x, window, shape)
    case .averagePool(let window): return averagePool(x, window, shape)
    case .adaptiveAveragePool: return adaptiveAveragePool(x, shape)
    case .batchNorm(let attributes):
      return batchNorm(
        x, gamma: tensor(.weight), beta: tensor(.bias), mean: tensor(.runningMean),
        variance: tensor(.runningVariance), attributes)
    case .localResponseNorm(let attributes): return localResponseNorm(x, attributes)
    case .relu: return x.map(relu)
    case .sigmoid: return x.map(sigmoid)
    case .tanh: return x.map(hyperbolicTangent)
    case .dropout: return x
    case .flatten: return Value(shape, x.elements)
    case .add:
      return inputs.dropFirst().reduce(x) {
        Value(shape, zip($0.elements, $1.elements).map(+))
      }
    case .concat: return Value(shape, inputs.flatMap(\.elements))
    }
  }
}
