import Checkpoints
import Networks
import Tensors

/// Lowers a checkpoint's network to ONNX's operators.
///
/// Node names never contain `/`, so every helper is its node's name, `/` and a word, or begins with
/// `/` where it belongs to none.
struct ONNXGraphBuilder {
  static let logits = "logits"
  static let probabilities = "probabilities"
  static let image = "image"

  let checkpoint: Checkpoint
  var nodes: [ONNXNode] = []
  var initializers: [ONNXInitializer] = []
  private var inputs: [ONNXValue] = []
  private var outputs: [ONNXValue] = []
  private var inner: [ONNXValue] = []
  /// The ONNX value that holds a node's result, by node name.
  var values: [String: String] = [:]
  /// The scale and zero point on whose grid a node's result lies, so that what reads it sees integers.
  let grids: [String: Quantization.Activation]
  private let taken: Set<String>
  /// The node whose value is the result, once nodes that only training computes are left out.
  private let result: String

  init(_ checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    let network = checkpoint.network
    grids = checkpoint.quantization?.grids(of: network) ?? [:]
    taken = Set(network.parameters.flatMap { [$0.key, "\($0.key)_scale", "\($0.key)_zero_point"] })
      .union([Self.logits, Self.probabilities, Self.image])
    let nodes = Dictionary(network.nodes.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    var result = network.output
    while let node = nodes[result], node.operation.traits.contains(.isTrainingOnly) {
      result = node.inputs[0]
    }
    self.result = result
  }

  /// Adds everything.
  mutating func build(softmax: Bool, preprocessing: Bool) throws {
    let network = checkpoint.network
    let input = Network.inputName
    if preprocessing {
      try addPreprocessing()
      inner.append(ONNXValue(name: input, element: .float, shape: batched(network.input)))
    } else {
      inputs = [ONNXValue(name: input, element: .float, shape: batched(network.input))]
    }
    values[input] = input
    if let grid = grids[input] {
      values[input] = "\(input)/dequantized"
      addGrid(grid, stem: input, from: input, to: "\(input)/dequantized")
    }
    for node in network.nodes { try add(node) }
    outputs = [
      ONNXValue(name: Self.logits, element: .float, shape: batched(network.shape(of: result)))
    ]
    if softmax {
      add(
        "Softmax", Self.probabilities, [Self.logits], [("axis", .integer(1))],
        node: "/softmax")
      outputs.append(
        ONNXValue(
          name: Self.probabilities, element: .float, shape: batched(network.shape(of: result))))
    }
  }

  private mutating func add(_ node: Node) throws {
    if node.operation.traits.contains(.isTrainingOnly) {
      values[node.name] = values[node.inputs[0]]
      return
    }
    let value = valueName(of: node.name)
    values[node.name] = value
    if value != Self.logits {
      inner.append(
        ONNXValue(
          name: value, element: .float, shape: batched(checkpoint.network.shape(of: node.name))))
    }
    let inputs = node.inputs.compactMap { values[$0] }
    guard let grid = grids[node.name] else {
      return try addOperation(of: NodeExport(node: node, inputs: inputs, output: value))
    }
    let raw = "\(node.name)/float"
    try addOperation(of: NodeExport(node: node, inputs: inputs, output: raw))
    addGrid(grid, stem: node.name, from: raw, to: value)
  }

  /// The node's own name, unless the result's or an initialiser's name is the same.
  private func valueName(of node: String) -> String {
    if node == result { return Self.logits }
    return taken.contains(node) ? "\(node)/value" : node
  }

  private func batched(_ shape: TensorShape) -> [ONNXValue.Dimension] {
    [.named("batch")] + shape.dimensions.map { .fixed($0) }
  }

  /// Adds an operation with one output; `name` is that output's name, and the node's.
  mutating func add(
    _ operation: String, _ name: String, _ inputs: [String],
    _ attributes: Attributes = [], node: String? = nil
  ) {
    nodes.append(
      ONNXNode(
        name: node ?? name, operation: operation, inputs: inputs, outputs: [name],
        attributes: attributes))
  }

  /// Adds a constant.
  ///
  /// - Returns: Its name.
  @discardableResult
  mutating func constant(_ name: String, _ element: ONNXElement, _ shape: [Int], _ bytes: [UInt8])
    -> String
  {
    initializers.append(
      ONNXInitializer(name: name, shape: shape, element: element, data: .bytes(bytes)))
    return name
  }

  /// Adds a constant of integers `[count]`, or of one without axes.
  mutating func constant(_ name: String, _ values: [Int], scalar: Bool = false) -> String {
    constant(name, .int64, scalar ? [] : [values.count], values.flatMap { littleEndian(Int64($0)) })
  }

  /// Adds a constant of floats.
  mutating func constant(_ name: String, _ values: [Float], shape: [Int]) -> String {
    constant(name, .float, shape, values.flatMap { littleEndian($0.bitPattern) })
  }

  /// Adds a parameter under its key.
  mutating func parameter(_ key: String, _ tensor: Tensor) -> String {
    initializers.append(
      ONNXInitializer(
        name: key, shape: tensor.shape, element: tensor.element == .int8 ? .int8 : .float,
        data: .tensor(tensor)))
    return key
  }

  mutating func setImageInput(channels: Int) {
    inputs = [
      ONNXValue(
        name: Self.image, element: .uint8,
        shape: [.named("batch"), .fixed(channels), .named("height"), .named("width")])
    ]
  }

  func encode(to message: inout ProtobufWriter, places: [String: ONNXInitializer.Place]) {
    for node in nodes { message.message(1) { node.encode(to: &$0) } }
    message.string(2, checkpoint.network.name.isEmpty ? "network" : checkpoint.network.name)
    for initializer in initializers {
      message.message(5) { initializer.encode(to: &$0, place: places[initializer.name]) }
    }
    for value in inputs { message.message(11) { value.encode(to: &$0) } }
    for value in outputs { message.message(12) { value.encode(to: &$0) } }
    for value in inner { message.message(13) { value.encode(to: &$0) } }
  }
}

/// The bytes of an integer, lowest first.
func littleEndian<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
