/// Tensors by node and role.
public struct Weights: Sendable {
  /// A node's tensors: its parameters, and in a quantised checkpoint the scales of the weight, `[out]`.
  public struct NodeWeights: Sendable {
    /// The parameters.
    public var parameters: [ParameterRole: Tensor] = [:]
    /// `weight_scale` of an int8 weight: float32 `[out]`.
    public var weightScale: Tensor?

    /// No tensors.
    public init() {}
  }

  /// By node name.
  public var nodes: [String: NodeWeights] = [:]

  /// No tensors.
  public init() {}

  /// The tensor of a node in a role.
  public subscript(node: String, role: ParameterRole) -> Tensor? {
    get { nodes[node]?.parameters[role] }
    set { nodes[node, default: NodeWeights()].parameters[role] = newValue }
  }
}
