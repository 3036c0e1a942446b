extension Network {
  /// One line a layer: its class, its output's shape with a batch of one, its trained parameters,
  /// its multiply–accumulates and its name; then the totals.
  public var summary: String {
    let lines =
      ["\(name)  input shape: \(input.withBatch)"] + TextTable(nodes.map(row)).lines
      + ["total  \(parameterCount.grouped) parameters  \(macs.grouped) MACs  \(classCount) classes"]
    return lines.joined(separator: "\n")
  }

  private func row(_ node: Node) -> [String] {
    let trained = parameters(of: node).filter(\.role.isTrainable).reduce(0) { $0 + $1.count }
    let macs = macs(of: node)
    return [
      node.operation.kind.rawValue,
      "output shape: \(shape(of: node.name).withBatch)",
      node.name,
      trained > 0 ? "\(trained.grouped) parameters" : "",
      macs > 0 ? "\(macs.grouped) MACs" : "",
    ]
  }
}

extension Int {
  /// The decimal digits in groups of three: `46,764,746`.
  public var grouped: String {
    var result = ""
    for (index, digit) in String(magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return (self < 0 ? "-" : "") + String(result.reversed())
  }
}
