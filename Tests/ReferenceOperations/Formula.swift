import Networks
import Tensors

/// An operation as its formula reads: in double precision, and with the integers of a quantised
/// network. Each is in its operation's file in `Operations/`.
struct Formula: Sendable {
  /// What a node's formula is given.
  struct Arguments {
    /// The node's inputs.
    let inputs: [Reference.Value]
    /// The shape of its output.
    let shape: TensorShape
    let tensors: [Parameter.Role: Tensor]

    /// The only, or the first, input.
    var x: Reference.Value { inputs[0] }

    /// A parameter; empty where there is none.
    func tensor(_ role: Parameter.Role) -> [Double] {
      (tensors[role]?.floats ?? []).map(Double.init)
    }
  }

  /// The value in double precision.
  let value: @Sendable (Arguments) -> Reference.Value
  /// The value of a group of nodes that is rounded once.
  let quantized: @Sendable (QuantizedGroup) -> QuantizedReference.Value

  /// The formula of an operation.
  static func of(_ operation: NodeOperation) -> Formula {
    switch operation {
    case .convolution(let attributes): convolution(attributes)
    case .linear: linear
    case .maxPool(let window): maxPool(window)
    case .averagePool(let window): averagePool(window)
    case .adaptiveAveragePool: adaptiveAveragePool
    case .batchNorm(let attributes): batchNorm(attributes)
    case .localResponseNorm(let attributes): localResponseNorm(attributes)
    case .relu: relu
    case .leakyReLU(let attributes): leakyReLU(attributes)
    case .sigmoid: sigmoid
    case .tanh: hyperbolicTangent
    case .dropout: dropout
    case .flatten: flatten
    case .add: add
    case .concat: concat
    }
  }

  /// A function of each number, which int8 rounds twice: to a float, and to the grid.
  static func elementwise(_ function: @escaping @Sendable (Double) -> Double) -> Formula {
    Formula(
      value: { $0.x.map(function) },
      quantized: { group in
        group.rounded(group.reals(group.node.inputs[0]).map { Float(function(Double($0))) })
      })
  }
}
