import Checkpoints
import Networks

/// The network after fusion: fewer operations over values that have memory of their own.
struct FusedGraph {
  /// A value's index in `values`; the network's input is the first.
  typealias ValueID = Int

  struct Value {
    /// Elements of one image.
    var size: Int
    /// Readers, the caller of the network included.
    var uses: Int
  }

  struct Node {
    var name: String
    var operation: FusedOperation
    /// What the operation reads; an added residual is the last.
    var inputs: [ValueID]
    var output: ValueID
    var macs = 0
  }

  static let input: ValueID = 0

  var values: [Value]
  var nodes: [Node] = []
  var output: ValueID = 0
  /// The value that each name of the network stands for; those of a fused group share one.
  var bound: [String: ValueID] = [:]

  mutating func makeValue(size: Int, uses: Int) -> ValueID {
    values.append(Value(size: size, uses: uses))
    return values.count - 1
  }

  /// The index of the node that makes a value; nil for the input.
  func producer(of value: ValueID) -> Int? { nodes.lastIndex { $0.output == value } }
}

/// An operation that runs as one step, with what is fused into it.
enum FusedOperation {
  struct Convolution {
    var geometry: ConvolutionGeometry
    var weights: Tensor
    /// Folded batch norm's factor of each filter.
    var scale: [Double]?
    /// Bias of each filter.
    var shift: [Double]
    var hasResidual = false
    var relu = false
  }

  struct Linear {
    var weights: Tensor
    var bias: [Float]
    var relu = false
  }

  struct Scale {
    var scale, shift: [Double]
    var plane: Int
    var relu = false
  }

  struct Pool {
    var window: Operation.Pooling
    var isMaximum: Bool
    var input, output: TensorShape
  }

  case convolution(Convolution)
  case linear(Linear)
  case pool(Pool)
  case adaptivePool(input: TensorShape, output: TensorShape)
  case scale(Scale)
  case localResponseNorm(Operation.LocalResponseNorm, TensorShape)
  case activation(ActivationStep.Function)
  case add(relu: Bool)
  /// Channels joined; no work, since the inputs are computed in their places.
  case concat
  case copy

  /// Whether the output may take its only input's memory.
  var worksInPlace: Bool {
    switch self {
    case .activation, .scale: true
    case .convolution, .linear, .pool, .adaptivePool, .localResponseNorm, .add, .concat, .copy:
      false
    }
  }
}
