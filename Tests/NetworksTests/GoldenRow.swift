import Networks

/// A network written as the rows of the golden tables that `Golden/layer_tables.py` makes.
enum GoldenRow {
  static func all(_ network: Network) -> [[String]] {
    [["input", shape(network.input.dimensions)], ["parameters", "\(network.parameterCount)"]]
      + network.nodes.map { layer($0, network) }
      + network.parameters.map { ["tensor", $0.key, shape($0.shape)] }
  }

  private static func layer(_ node: Node, _ network: Network) -> [String] {
    [
      "layer", node.operation.kind.rawValue,
      network.parameters(of: node).isEmpty ? "-" : node.name,
      shape(network.shape(of: node.name).dimensions), attributes(node.operation),
    ]
  }

  private static func shape(_ extents: [Int]) -> String {
    extents.map(String.init).joined(separator: "x")
  }

  private static func pair(_ extent: Extent) -> String { "\(extent.height)x\(extent.width)" }

  private static func attributes(_ operation: NodeOperation) -> String {
    switch operation {
    case .convolution(let conv):
      "k\(pair(conv.kernelSize)) s\(pair(conv.stride)) p\(pair(conv.padding)) "
        + "d\(pair(conv.dilation)) g\(conv.groups)\(conv.bias ? " bias" : "")"
    case .linear(let linear): linear.bias ? "bias" : ""
    case .maxPool(let window): pooling(window)
    case .averagePool(let window):
      pooling(window) + (window.countIncludesPadding ? " counts-padding" : "")
    case .adaptiveAveragePool(let extent): pair(extent)
    case .batchNorm(let norm): "eps\(number(norm.epsilon)) momentum\(number(norm.momentum))"
    case .dropout(let probability): "p\(number(probability))"
    // No golden network has other attributes: a row that names their keys matches none.
    default: operation.kind.definition.keys.map(\.stringValue).joined(separator: " ")
    }
  }

  private static func pooling(_ window: NodeOperation.Pooling) -> String {
    "k\(pair(window.kernelSize)) s\(pair(window.stride)) p\(pair(window.padding))"
      + (window.ceilMode ? " ceil" : "")
  }

  private static func number(_ value: Double) -> String { "\(value)" }
}
