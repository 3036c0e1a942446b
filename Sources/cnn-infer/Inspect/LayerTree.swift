import Checkpoints
import CommandSupport
import Files
import Networks
import Tensors

/// A network's nodes as a tree by the dots of their names, with what each costs.
struct LayerTree {
  private struct Item {
    /// The groups that the node is in, then its own name.
    let path: [String]
    let node: Node
  }

  private let checkpoint: Checkpoint
  private var network: Network { checkpoint.network }
  private var weights: Weights { checkpoint.weights }
  private let items: [Item]
  private var rows: [[String]] = []

  init(_ checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    items = Self.paths(of: checkpoint.network.nodes)
  }

  /// A line a group and a node, then the totals.
  var text: String {
    var tree = self
    tree.append(items[...], depth: 0, indent: "")
    let heading = ["layer", "type", "output shape", "parameters", "MACs", "bytes", "values"]
    let totals = [
      "total", "", "", network.parameterCount.grouped, network.macs.grouped,
      Decimals.bytes(network.nodes.reduce(0) { $0 + Self.bytes(of: $1, in: checkpoint) }), "",
    ]
    return
      ([Self.headline(network)]
      + [TextTable([heading] + tree.rows + [totals], numeric: [3, 4, 5]).description])
      .joined(separator: "\n")
  }

  private static func headline(_ network: Network) -> String {
    "\(network.name.printable)  input shape: \(network.input.withBatch)"
      + "  \(network.classCount) classes"
  }

  /// The bytes of a node's tensors.
  static func bytes(of node: Node, in checkpoint: Checkpoint) -> Int {
    let scale = checkpoint.weights.nodes[node.name]?.weightScale
    return checkpoint.network.parameters(of: node).reduce(scale?.byteCount ?? 0) {
      $0 + (checkpoint.weights[$1]?.byteCount ?? 0)
    }
  }

  /// Nodes without weights have plain names: they belong where their neighbours both are.
  private static func paths(of nodes: [Node]) -> [Item] {
    func groups(_ name: String) -> [String] {
      name.split(separator: ".", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
    var next: [String] = []
    var following: [[String]] = []
    for node in nodes.reversed() {
      following.append(next)
      if node.name.contains(".") { next = groups(node.name) }
    }
    var previous: [String] = []
    return zip(nodes, following.reversed()).map { node, next in
      if node.name.contains(".") {
        previous = groups(node.name)
        let leaf = node.name.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
        return Item(path: previous + [String(leaf)], node: node)
      }
      let common = zip(previous, next).prefix { $0 == $1 }.map(\.0)
      return Item(path: common + [node.name], node: node)
    }
  }

  private mutating func append(_ items: ArraySlice<Item>, depth: Int, indent: String) {
    var start = items.startIndex
    while start < items.endIndex {
      let first = items[start]
      let isNode = first.path.count == depth + 1
      let name = first.path[depth]
      var end = start + 1
      while !isNode, end < items.endIndex, items[end].path.count > depth + 1,
        items[end].path[depth] == name
      {
        end += 1
      }
      let isLast = end == items.endIndex
      let label = "\(indent)\(isLast ? "└─" : "├─") \(name.printable)"
      if isNode {
        rows.append(row(label, first.node))
      } else {
        rows.append([label] + [String](repeating: "", count: 6))
        append(items[start..<end], depth: depth + 1, indent: indent + (isLast ? "   " : "│  "))
      }
      start = end
    }
  }

  private func row(_ label: String, _ node: Node) -> [String] {
    let parameters = network.parameters(of: node)
    let trained = parameters.filter(\.role.isTrainable).reduce(0) { $0 + $1.count }
    let macs = network.macs(of: node)
    let bytes = Self.bytes(of: node, in: checkpoint)
    return [
      label, node.operation.kind.rawValue, network.shape(of: node.name).withBatch,
      trained > 0 ? trained.grouped : "", macs > 0 ? macs.grouped : "",
      bytes > 0 ? Decimals.bytes(bytes) : "",
      parameters.first.flatMap { weights[$0]?.element.rawValue } ?? "",
    ]
  }
}
