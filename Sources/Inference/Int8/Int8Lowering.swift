import Networks

/// Turns a lowered graph whose values have grids into one that runs on bytes wherever all that an
/// operation reads and writes has a grid, with conversions where bytes and floats meet.
struct Int8Lowering {
  typealias ValueID = LoweredGraph.ValueID

  private let source: LoweredGraph
  private var graph: LoweredGraph
  /// What stands for each value of the source in the new graph.
  private var bytes: [ValueID: ValueID] = [:]
  private var floats: [ValueID: ValueID] = [LoweredGraph.input: LoweredGraph.input]
  private var dequantized: [ValueID: ValueID] = [:]

  /// - Parameter source: A lowered graph.
  /// - Returns: The same with its conversions.
  static func graph(of source: LoweredGraph) -> LoweredGraph {
    var pass = Int8Lowering(source)
    for node in source.nodes { pass.convert(node) }
    pass.graph.output = pass.floatValue(source.output)
    pass.countUses()
    return pass.graph
  }

  private init(_ source: LoweredGraph) {
    self.source = source
    graph = LoweredGraph(values: [source.values[LoweredGraph.input]])
  }

  private func grid(_ value: ValueID) -> Grid? { source.values[value].grid }
  private func shape(_ value: ValueID) -> TensorShape { source.values[value].shape }

  // MARK: Values

  private mutating func byteValue(_ value: ValueID, _ grid: Grid) -> ValueID {
    if let known = bytes[value] { return known }
    let made = append(
      "\(name(value)).quantize", .quantize(to: grid, shape(value)),
      [floats[value] ?? LoweredGraph.input], shape(value))
    bytes[value] = made
    return made
  }

  private mutating func floatValue(_ value: ValueID) -> ValueID {
    if let grid = grid(value) {
      // What has a grid is rounded to it, even for those who read floats.
      if let known = dequantized[value] { return known }
      let from = byteValue(value, grid)
      let made = append(
        "\(name(value)).dequantize", .dequantize(from: grid, shape(value)), [from], shape(value))
      dequantized[value] = made
      return made
    }
    return floats[value] ?? LoweredGraph.input
  }

  private func name(_ value: ValueID) -> String {
    source.producer(of: value).map { source.nodes[$0].name } ?? Network.inputName
  }

  /// Adds a node, whose output is bytes where the form has a grid.
  private mutating func append(
    _ name: String, _ form: Int8Form, _ inputs: [ValueID], _ shape: TensorShape, macs: Int = 0
  ) -> ValueID {
    let output = graph.makeValue(
      .init(shape: shape, uses: 0, grid: form.grid, isBytes: form.grid != nil))
    graph.nodes.append(
      .init(name: name, operation: form, inputs: inputs, output: output, macs: macs))
    return output
  }

  private mutating func countUses() {
    for node in graph.nodes { for input in node.inputs { graph.values[input].uses += 1 } }
    graph.values[LoweredGraph.input].uses =
      graph.nodes.reduce(0) { $0 + $1.inputs.count { $0 == LoweredGraph.input } }
    graph.values[graph.output].uses += 1
  }

  // MARK: Nodes

  private mutating func convert(_ node: LoweredGraph.Node) {
    let output = node.output
    if let form = int8Form(of: node) {
      let inputs = node.inputs.compactMap { value in
        self.grid(value).map { (value, $0) }
      }.map { byteValue($0, $1) }
      let made = append(node.name, form, inputs, shape(output), macs: node.macs)
      return place(made, output, node, isByPixels: form.grid == nil)
    }
    if node.operation.isFreeInFloats {
      floats[output] = floatValue(node.inputs[0])
      return
    }
    var node = node
    node.inputs = node.inputs.map { floatValue($0) }
    node.output = graph.makeValue(.init(shape: shape(output), uses: 0))
    graph.nodes.append(node)
    floats[output] = node.output
  }

  /// Lets what a node made stand for its value, after what is left to do.
  private mutating func place(
    _ made: ValueID, _ output: ValueID, _ node: LoweredGraph.Node, isByPixels: Bool
  ) {
    let shape = shape(output)
    if isByPixels {
      floats[output] =
        shape.height * shape.width == 1
        ? made : append("\(node.name).planes", .planes(shape), [made], shape)
    } else if let wanted = grid(output), let found = graph.values[made].grid, wanted != found {
      bytes[output] = append(
        "\(node.name).requantize",
        .lookup(found.table(to: wanted), name: "requantize", to: wanted), [made], shape)
    } else {
      bytes[output] = made
    }
  }

  /// What a node becomes where all its inputs have grids; nil where it has to run in floats.
  private func int8Form(of node: LoweredGraph.Node) -> Int8Form? {
    let grids = node.inputs.compactMap(grid)
    guard grids.count == node.inputs.count else { return nil }
    return node.operation.int8Form(
      Int8Context(
        grids: grids, inputShapes: node.inputs.map(shape), output: grid(node.output),
        shape: shape(node.output)))
  }
}
