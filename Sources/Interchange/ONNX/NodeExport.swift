import Networks

/// A node of the network on its way into the ONNX graph.
struct NodeExport {
  let node: Node
  /// The ONNX values that it reads, in order.
  let inputs: [String]
  /// The name of the ONNX value that it makes.
  let output: String

  /// The node's name.
  var name: String { node.name }
  /// What the node computes.
  var operation: NodeOperation { node.operation }
}

extension ONNXGraphBuilder {
  typealias Attributes = [(name: String, value: ONNXNode.Attribute)]

  /// Adds the ONNX node that makes a network node's value, under that node's name.
  ///
  /// - Parameters:
  ///   - operation: ONNX's operator.
  ///   - node: The network's node.
  ///   - inputs: What the operator reads, where that is not what the node reads.
  ///   - attributes: The operator's attributes.
  mutating func add(
    _ operation: String, _ node: NodeExport, inputs: [String]? = nil, _ attributes: Attributes = []
  ) {
    add(operation, node.output, inputs ?? node.inputs, attributes, node: node.name)
  }
}

extension Extent {
  /// Height and width.
  var pair: [Int] { [height, width] }
}
