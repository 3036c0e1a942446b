/// One operation of a network, under a stable name that is also the key of its weights in
/// checkpoints, safetensors and ONNX.
public struct Node: Hashable, Sendable {
  /// Unique within the network; never `input`, never with a `/`.
  public var name: String
  /// What the node computes.
  public var operation: NodeOperation
  /// The names of the nodes it reads, in order; `Network.inputName` is the network's input.
  public var inputs: [String]

  /// A node that reads `inputs`.
  public init(_ name: String, _ operation: NodeOperation, inputs: [String]) {
    self.name = name
    self.operation = operation
    self.inputs = inputs
  }
}
