import Networks

/// Turns a fused graph whose values have grids into one that runs on bytes wherever all that an
/// operation reads and writes has a grid, with conversions where bytes and floats meet.
struct Quantizing {
  typealias ValueID = FusedGraph.ValueID

  private let source: FusedGraph
  private var graph: FusedGraph
  /// What stands for each value of the source in the new graph.
  private var bytes: [ValueID: ValueID] = [:]
  private var floats: [ValueID: ValueID] = [FusedGraph.input: FusedGraph.input]
  private var dequantized: [ValueID: ValueID] = [:]

  /// - Parameter source: A fused graph.
  /// - Returns: The same with its conversions.
  static func graph(of source: FusedGraph) -> FusedGraph {
    var pass = Quantizing(source)
    for node in source.nodes { pass.convert(node) }
    pass.graph.output = pass.floatValue(source.output)
    pass.countUses()
    return pass.graph
  }

  private init(_ source: FusedGraph) {
    self.source = source
    graph = FusedGraph(values: [source.values[FusedGraph.input]])
  }

  private func grid(_ value: ValueID) -> Grid? { source.values[value].grid }
  private func shape(_ value: ValueID) -> TensorShape { source.values[value].shape }

  // MARK: Values

  private mutating func byteValue(_ value: ValueID, _ grid: Grid) -> ValueID {
    if let known = bytes[value] { return known }
    let made = append(
      "\(name(value)).quantize", .quantize(grid, shape(value)),
      [floats[value] ?? FusedGraph.input], shape(value), grid)
    bytes[value] = made
    return made
  }

  private mutating func floatValue(_ value: ValueID) -> ValueID {
    if let grid = grid(value) {
      // What has a grid is rounded to it, even for those who read floats.
      if let known = dequantized[value] { return known }
      let from = byteValue(value, grid)
      let made = append(
        "\(name(value)).dequantize", .dequantize(grid, shape(value)), [from], shape(value), nil)
      dequantized[value] = made
      return made
    }
    return floats[value] ?? FusedGraph.input
  }

  private func name(_ value: ValueID) -> String {
    source.producer(of: value).map { source.nodes[$0].name } ?? Network.inputName
  }

  /// Adds a node, of bytes where there is a grid.
  private mutating func append(
    _ name: String, _ operation: QuantizedOperation, _ inputs: [ValueID], _ shape: TensorShape,
    _ grid: Grid?, macs: Int = 0
  ) -> ValueID {
    let output = graph.makeValue(.init(shape: shape, uses: 0, grid: grid, isBytes: grid != nil))
    graph.nodes.append(
      .init(
        name: name, operation: .quantized(operation), inputs: inputs, output: output, macs: macs))
    return output
  }

  private mutating func countUses() {
    for node in graph.nodes { for input in node.inputs { graph.values[input].uses += 1 } }
    graph.values[FusedGraph.input].uses =
      graph.nodes.reduce(0) { $0 + $1.inputs.count { $0 == FusedGraph.input } }
    graph.values[graph.output].uses += 1
  }

  // MARK: Nodes

  private mutating func convert(_ node: FusedGraph.Node) {
    let output = node.output
    if let (operation, grid) = quantized(node) {
      let inputs = node.inputs.compactMap { value in
        self.grid(value).map { (value, $0) }
      }.map { byteValue($0, $1) }
      let made = append(node.name, operation, inputs, shape(output), grid, macs: node.macs)
      return place(made, output, node, isByPixels: grid == nil)
    }
    if case .flatten = node.operation {
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
    _ made: ValueID, _ output: ValueID, _ node: FusedGraph.Node, isByPixels: Bool
  ) {
    let shape = shape(output)
    if isByPixels {
      floats[output] =
        shape.height * shape.width == 1
        ? made : append("\(node.name).planes", .planes(shape), [made], shape, nil)
    } else if let wanted = grid(output), let found = graph.values[made].grid, wanted != found {
      bytes[output] = append(
        "\(node.name).requantize",
        .lookup(table: found.table(to: wanted), shape, name: "requantize"), [made], shape, wanted)
    } else {
      bytes[output] = made
    }
  }

  /// The operation on bytes that a node becomes, and the grid of what it makes, nil for floats; nil
  /// where it has to run in floats.
  private func quantized(_ node: FusedGraph.Node) -> (QuantizedOperation, Grid?)? {
    let inputs = node.inputs.compactMap(grid)
    guard inputs.count == node.inputs.count, let input = inputs.first else { return nil }
    let output = grid(node.output), shape = shape(node.output)
    switch node.operation {
    case .convolution(let convolution):
      guard let filters = convolution.int8 else { return nil }
      let residual = convolution.hasResidual ? inputs.last : nil
      return (
        .convolution(
          .init(
            geometry: convolution.geometry, filters: filters, clamp: convolution.clamp,
            residual: residual, output: output)), output
      )
    case .linear(let linear):
      guard let filters = linear.int8 else { return nil }
      return (
        .linear(.init(filters: filters, clamp: linear.clamp, output: output)), output
      )
    case .pool(let pool) where pool.isMaximum:
      let windows = PoolWindows(pool.window, input: pool.input, output: pool.output)
      return (
        .pool(.init(windows: windows, isMaximum: true, input: input, output: input)), input
      )
    case .flatten: return (.flatten(self.shape(node.inputs[0])), input)
    case .pool, .adaptivePool, .scale, .activation, .add, .concat:
      return output.flatMap { quantized(node.operation, inputs, $0, node, shape) }
    case .localResponseNorm, .copy, .quantized: return nil
    }
  }

  /// The same for what computes on bytes only where it also makes bytes.
  private func quantized(
    _ operation: FusedOperation, _ inputs: [Grid], _ output: Grid, _ node: FusedGraph.Node,
    _ shape: TensorShape
  ) -> (QuantizedOperation, Grid?)? {
    switch operation {
    case .pool(let pool):
      let windows = PoolWindows(pool.window, input: pool.input, output: pool.output)
      return average(windows, inputs[0], output)
    case .adaptivePool(let from, let to):
      return average(PoolWindows(adaptive: from, output: to), inputs[0], output)
    case .scale(let scale):
      return (
        .scale(
          .init(
            scale: scale.scale, shift: scale.shift, shape: shape, clamp: scale.clamp,
            input: inputs[0], output: output)), output
      )
    case .activation(let function):
      let table = inputs[0].table(to: output, function.value)
      return (.lookup(table: table, shape, name: "\(function)"), output)
    case .add(let clamp):
      return (
        .add(.init(count: shape.elementCount, clamp: clamp, inputs: inputs, output: output)), output
      )
    case .concat:
      let channels = node.inputs.map { self.shape($0).channels }
      return (
        .concat(.init(shape: shape, channels: channels, inputs: inputs, output: output)), output
      )
    case .convolution, .linear, .localResponseNorm, .copy, .flatten, .quantized: return nil
    }
  }

  /// An average whose sums fit 32 bits.
  private func average(
    _ windows: PoolWindows, _ input: Grid, _ output: Grid
  ) -> (QuantizedOperation, Grid?)? {
    guard windows.largest <= Int(Int32.max) / 255 else { return nil }
    return (
      .pool(.init(windows: windows, isMaximum: false, input: input, output: output)), output
    )
  }
}
