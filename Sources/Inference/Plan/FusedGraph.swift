import Networks
import Tensors

/// The network after fusion: fewer operations over values that have memory of their own.
struct FusedGraph {
  /// A value's index in `values`; the network's input is the first.
  typealias ValueID = Int

  struct Value {
    var shape: TensorShape
    /// Readers, the caller of the network included.
    var uses: Int
    /// What a quantised network rounds it to; nil for floats.
    var grid: Grid?
    /// Whether its memory holds bytes of its grid, `[pixel][channel]`, and not floats.
    var isBytes = false

    /// Floats of memory for one image; bytes with a few more than there are. What
    /// kernels read past those lies in the arena or its spare line.
    var size: Int { isBytes ? shape.elementCount / 4 + 2 : shape.elementCount }
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

  mutating func makeValue(_ value: Value) -> ValueID {
    values.append(value)
    return values.count - 1
  }

  /// A value for a copy of another, which one node reads.
  mutating func makeCopy(of value: ValueID) -> ValueID {
    var copy = values[value]
    copy.uses = 1
    return makeValue(copy)
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
    var clamp = OutputClamp.none
    /// The same in int8; nil for what runs in floats.
    var int8: Int8Filters?
  }

  struct Linear {
    var weights: Tensor
    var bias: [Float]
    var clamp = OutputClamp.none
    /// The same in int8; nil for what runs in floats.
    var int8: Int8Filters?
  }

  struct Scale {
    var scale, shift: [Double]
    var plane: Int
    var clamp = OutputClamp.none
  }

  struct Pool {
    var window: NodeOperation.Pooling
    var isMaximum: Bool
    var input, output: TensorShape
  }

  case convolution(Convolution)
  case linear(Linear)
  case pool(Pool)
  case adaptivePool(input: TensorShape, output: TensorShape)
  case scale(Scale)
  case localResponseNorm(NodeOperation.LocalResponseNorm, TensorShape)
  case activation(ActivationStep.Function)
  case add(clamp: OutputClamp)
  /// Channels joined; no work, since the inputs are computed in their places.
  case concat
  case copy
  /// A feature map as a vector: of bytes `[pixel][channel]`, in the order of its planes.
  case flatten
  /// What reads or writes uint8 activations.
  case quantized(QuantizedOperation)

  /// Whether the output may take its only input's memory.
  var worksInPlace: Bool {
    switch self {
    case .activation, .scale: true
    case .convolution, .linear, .pool, .adaptivePool, .localResponseNorm, .add, .concat, .copy,
      .flatten, .quantized:
      false
    }
  }
}
