import Networks

/// The network after fusion: fewer operations over values that have memory of their own.
struct LoweredGraph {
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

    /// Bytes of memory for one image, a multiple of 4. Those of a grid have at least 5 to spare; what
    /// kernels read past them is in the arena or its spare line.
    var byteCount: Int {
      isBytes ? shape.elementCount / 4 * 4 + 8 : shape.elementCount * MemoryLayout<Float>.stride
    }
  }

  struct Node {
    var name: String
    var operation: any LoweredOperation
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
