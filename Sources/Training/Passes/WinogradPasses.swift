internal import CKernels
internal import COneDNN
internal import Networks

/// The passes of a 5×5 or 3×3 convolution by Winograd's F(4×4, 5×5) or F(6×6, 3×3), 4 products a pixel
/// and pair of channels for 25, or 16 for 81 (Lavin & Gray 2016): some images at a time are transformed
/// to points, multiplied by oneDNN, which has no tiles as large itself, and transformed back.
struct WinogradPasses {
  /// The input's windows for the tiles of the output.
  let windows, tiles: WinogradTiles
  /// The windows of the output's gradient for the tiles of the input's.
  let gradientWindows, sourceTiles: WinogradTiles
  private let node: String
  private let kernel: Int
  private let batch: Int
  /// Images at a time.
  private let group: Int

  /// Whether a convolution can be computed so: in steps of 1, whole blocks of 16 channels.
  static func fits(
    _ attributes: NodeOperation.Convolution, input: TensorShape, output: TensorShape
  ) -> Bool {
    (attributes.kernelSize == 5 || attributes.kernelSize == 3) && attributes.stride == 1
      && attributes.dilation == 1 && attributes.groups == 1 && input.channels % 16 == 0
      && output.channels % 16 == 0 && VectorKernels.runsWideKernels
  }

  init(_ node: Node, _ attributes: NodeOperation.Convolution, in graph: GraphBuilder) {
    self.node = node.name
    kernel = attributes.kernelSize.height
    batch = graph.batch
    let (input, output) = (
      graph.network.inputShapes(of: node)[0], graph.network.shape(of: node.name)
    )
    let step = 9 - kernel
    let (padding, source) = (attributes.padding, Extent(height: input.height, width: input.width))
    let result = Extent(height: output.height, width: output.width)
    windows = WinogradTiles(
      step: step, channels: input.channels, size: source, making: result, before: padding)
    tiles = WinogradTiles(step: step, channels: output.channels, size: result, making: result)
    gradientWindows = WinogradTiles(
      step: step, channels: output.channels, size: result, making: source,
      before: Extent(
        height: kernel - 1 - padding.height, width: kernel - 1 - padding.width))
    sourceTiles = WinogradTiles(step: step, channels: input.channels, size: source, making: source)
    let points = max(windows.count, sourceTiles.count) * (input.channels + output.channels)
    group = Self.group(of: graph.batch, bytes: points * WinogradPoints.count * 4)
  }

  /// The most images, of which the batch is a multiple, whose points take no more than 32 MB.
  private static func group(of batch: Int, bytes: Int) -> Int {
    (1...min(batch, 64)).last { batch % $0 == 0 && $0 * bytes <= 32 << 20 } ?? 1
  }

  /// Where weights lie, so that a vector has 16 outputs of one tap: `[kernel][kernel][C][O]`.
  private static func taps(_ shape: [Int]) throws -> Layout { try Layout(shape, tag: dnnl_cdba) }

  /// Emits the forward pass.
  ///
  /// - Parameters:
  ///   - parts: The parameters.
  ///   - source: The layer's input, as `inChannelBlocks` gives it.
  ///   - relu: Whether it ends in a ReLU.
  ///   - graph: The graph that is built.
  /// - Returns: The layer's output, in fp32.
  /// - Throws: `TrainingError.oneDNN`.
  func emitForward(
    _ parts: WeightedLayer, source: Memory, relu: Bool, in graph: GraphBuilder
  ) throws -> Memory {
    let weight = parts.weight
    let layout = try Self.taps(weight.parameter.shape)
    try weight.adopt(layout, graph.engine)
    let taps = try graph.reordered(weight.value, to: layout, node: node)
    let output = try graph.memory(ChannelBlocks.layout(graph.extents(of: node)))
    try emitConvolution(
      "forward", (windows, source, tiles, output), weights: taps, isRotated: false,
      bias: parts.bias?.value, relu: relu, in: graph)
    graph.releaseTemporaries([taps], unless: [weight.value])
    return output
  }

  typealias Maps = (
    windows: WinogradTiles, source: Memory, tiles: WinogradTiles, target: Memory
  )

  /// Emits a convolution of maps by filters that lie as `[kernel][kernel][windows' channels][tiles'
  /// channels]`.
  private func emitConvolution(
    _ label: String, _ maps: Maps, weights: Memory, isRotated: Bool, bias: Memory?, relu: Bool,
    in graph: GraphBuilder
  ) throws {
    let (inputs, outputs) = (maps.windows.channels, maps.tiles.channels)
    let rows = group * maps.windows.count
    let filters = try WinogradPoints(rows: inputs, columns: outputs, in: graph)
    let from = try WinogradPoints(rows: rows, columns: inputs, in: graph)
    let to = try WinogradPoints(rows: rows, columns: outputs, in: graph)
    let product = try graph.product(from.memory, filters.memory, into: to.memory, node: node)
    let source = try ChannelBlocks(maps.source, node: node)
    let target = try ChannelBlocks(maps.target, node: node)
    let (engine, groups, kernel) = (graph.engine, self.groups, self.kernel)
    graph.emit(node, "\(label) \(name) \(product.implementation)") {
      filters.run(
        cnn_f32_winograd_blocks_filters_16_wide, weights.floats, kernel: kernel,
        isRotated: isRotated)
      for images in groups {
        maps.windows.run(cnn_f32_winograd_blocks_input_16_wide, source, images: images, from)
        try product.run(engine)
        maps.tiles.run(
          cnn_f32_winograd_blocks_output_16_wide, target, images: images, to,
          bias: bias?.floats, relu: relu)
      }
    }
    for points in [filters, from, to] { graph.release(points.memory) }
  }

  /// Emits the pass that gives the weights' and the bias' gradients, in fp32.
  ///
  /// - Parameters:
  ///   - parts: The parameters.
  ///   - source: The layer's input, in any layout.
  ///   - slopes: The loss's gradient by the layer's output, as `inChannelBlocks` gives it.
  ///   - graph: The graph that is built.
  /// - Throws: `TrainingError.oneDNN`.
  func emitWeightGradient(
    _ parts: WeightedLayer, source: Memory, slopes: Memory, in graph: GraphBuilder
  ) throws {
    let maps = try graph.inChannelBlocks(source, node: node)
    let weight = parts.weight
    let target = try weight.gradientTarget(Self.taps(weight.parameter.shape), graph)
    try emitTapGradient(
      source: maps, gradient: slopes, into: target, bias: parts.bias?.gradient(graph.engine),
      in: graph)
    try weight.finishGradient(target, graph, node: node)
    graph.releaseTemporaries([maps], unless: [source])
  }

  /// Emits the pass that gives the gradient by the layer's input: a convolution of the output's by the
  /// rotated filters, outputs and channels changing places.
  ///
  /// - Parameters:
  ///   - parts: The parameters.
  ///   - slopes: The loss's gradient by the layer's output, as `inChannelBlocks` gives it.
  ///   - graph: The graph that is built.
  /// - Returns: The gradient, in fp32.
  /// - Throws: `TrainingError.oneDNN`.
  func emitSourceGradient(
    _ parts: WeightedLayer, slopes: Memory, in graph: GraphBuilder
  ) throws -> Memory {
    let (outputs, channels) = (tiles.channels, windows.channels)
    // `[kernel][kernel][O][C]`.
    let turned = try Layout(
      parts.weight.parameter.shape,
      strides: [channels, 1, kernel * channels * outputs, channels * outputs])
    let weights = try graph.reordered(parts.weight.value, to: turned, node: node)
    let result = try graph.memory(ChannelBlocks.layout(graph.extents(of: parts.node.inputs[0])))
    try emitConvolution(
      "backward data", (gradientWindows, slopes, sourceTiles, result), weights: weights,
      isRotated: true, bias: nil, relu: false, in: graph)
    graph.releaseTemporaries([weights], unless: [parts.weight.value])
    return result
  }

  /// `Gᵀ ((Bᵀ x B) ⊙ (A y Aᵀ)) G`, summed over all tiles, for windows x of the source and tiles y of the
  /// gradient.
  private func emitTapGradient(
    source: Memory, gradient: Memory, into weights: Memory, bias: Memory?, in graph: GraphBuilder
  ) throws {
    let source = try ChannelBlocks(source, node: node)
    let gradient = try ChannelBlocks(gradient, node: node)
    let (windows, tiles, groups, kernel) = (windows, tiles, groups, kernel)
    let rows = group * windows.count
    let from = try WinogradPoints(rows: rows, columns: windows.channels, in: graph)
    let slopes = try WinogradPoints(rows: rows, columns: tiles.channels, in: graph)
    let sums = try WinogradPoints(rows: windows.channels, columns: tiles.channels, in: graph)
    let product = try graph.product(
      from.transposed(graph.engine), slopes.memory, into: sums.memory, accumulates: true, node: node
    )
    let engine = graph.engine
    graph.emit(node, "backward weights \(name) \(product.implementation)") {
      sums.clear()
      bias?.floats.update(repeating: 0)
      for images in groups {
        windows.run(cnn_f32_winograd_blocks_input_16_wide, source, images: images, from)
        tiles.run(cnn_f32_winograd_blocks_gradient_16_wide, gradient, images: images, slopes)
        try product.run(engine)
        if let bias { slopes.addTiles(to: bias.floats) }
      }
      sums.run(cnn_f32_winograd_blocks_filter_gradient_16_wide, weights.floats, kernel: kernel)
    }
    for points in [from, slopes, sums] { graph.release(points.memory) }
  }

  /// As profiles show it.
  private var name: String { "winograd:F(\(9 - kernel)x\(9 - kernel),\(kernel)x\(kernel))" }

  private var groups: [Range<Int>] {
    stride(from: 0, to: batch, by: group).map { $0..<$0 + group }
  }
}

extension WinogradPoints {
  fileprivate func clear() {
    let floats = floats
    parallelFor(floats.count) { range in
      UnsafeMutableBufferPointer(rebasing: floats[range]).update(repeating: 0)
    }
  }

  /// Adds the sums over whole tiles of the gradient: those at the point (1, 1), where all powers are 1.
  fileprivate func addTiles(to sums: UnsafeMutableBufferPointer<Float>) {
    guard let first = floats.baseAddress, let sums = sums.baseAddress else { return }
    for row in 0..<rows {
      let tile = first + 9 * stride + row * columns
      for column in 0..<columns { sums[column] += tile[column] }
    }
  }
}
