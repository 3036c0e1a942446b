internal import CKernels
internal import COneDNN
internal import Networks

/// The passes of a 5×5 convolution by Winograd's F(4×4, 5×5): a few images at a time are transformed
/// to points, multiplied, and transformed back, so that the points stay in the caches.
struct WinogradPasses {
  /// The input's windows for the tiles of the output.
  let windows, tiles: WinogradTiles
  /// The windows of the output's gradient for the tiles of the input's.
  let gradientWindows, sourceTiles: WinogradTiles
  private let node: String
  private let batch: Int
  /// Images at a time.
  private let group: Int

  init(_ node: Node, padding: Extent, in graph: GraphBuilder) {
    self.node = node.name
    batch = graph.batch
    group = (1...4).last { graph.batch % $0 == 0 } ?? 1
    let (input, output) = (graph.network.inputShapes(of: node)[0], graph.network.shape(of: node.name))
    let source = Extent(height: input.height, width: input.width)
    let result = Extent(height: output.height, width: output.width)
    func tiles(_ shape: TensorShape, for made: Extent, before: Extent = 0) -> WinogradTiles {
      WinogradTiles(
        channels: shape.channels, size: Extent(height: shape.height, width: shape.width),
        grid: WinogradTiles.grid(of: made), before: before)
    }
    windows = tiles(input, for: result, before: padding)
    self.tiles = tiles(output, for: result)
    gradientWindows = tiles(
      output, for: source, before: Extent(height: 4 - padding.height, width: 4 - padding.width))
    sourceTiles = tiles(input, for: source)
  }

  typealias Maps = (
    windows: WinogradTiles, source: Memory, tiles: WinogradTiles, target: Memory
  )

  /// Emits a convolution of maps by filters that lie as `[5][5][windows' channels][tiles' channels]`.
  func emitConvolution(
    _ label: String, _ maps: Maps, weights: Memory, isRotated: Bool, bias: Memory?, relu: Bool,
    in graph: GraphBuilder
  ) throws {
    let (inputs, outputs) = (maps.windows.channels, maps.tiles.channels)
    let rows = group * maps.windows.count
    let filters = try WinogradPoints(rows: inputs, columns: outputs, in: graph)
    let from = try WinogradPoints(rows: rows, columns: inputs, in: graph)
    let to = try WinogradPoints(rows: rows, columns: outputs, in: graph)
    let product = try graph.product(from.memory, filters.memory, into: to.memory, node: node)
    let (engine, groups) = (graph.engine, self.groups)
    graph.emit(node, "\(label) winograd:F(4x4,5x5) \(product.implementation)") {
      filters.run(cnn_f32_winograd_blocks_filters, weights.floats, isRotated: isRotated)
      for images in groups {
        maps.windows.run(cnn_f32_winograd_blocks_input, maps.source.floats, images: images, from)
        try product.run(engine)
        maps.tiles.run(
          cnn_f32_winograd_blocks_output, maps.target.floats, images: images, to,
          bias: bias?.floats, relu: relu)
      }
    }
    for points in [filters, from, to] { graph.release(points.memory) }
  }

  /// Emits `Gᵀ ((Bᵀ x B) ⊙ (A y Aᵀ)) G`, summed over all tiles, for windows x of the source and tiles
  /// y of the gradient.
  ///
  /// - Parameters:
  ///   - source: The layer's input.
  ///   - gradient: The loss's by the output.
  ///   - weights: The result, `[5][5][C][O]`.
  ///   - bias: The bias' gradient, `[O]`; nil where there is none.
  ///   - graph: The graph that is built.
  /// - Throws: `TrainingError.oneDNN`.
  func emitWeightGradient(
    source: Memory, gradient: Memory, into weights: Memory, bias: Memory?, in graph: GraphBuilder
  ) throws {
    let (windows, tiles, groups) = (windows, tiles, groups)
    let rows = group * windows.count
    let from = try WinogradPoints(rows: rows, columns: windows.channels, in: graph)
    let slopes = try WinogradPoints(rows: rows, columns: tiles.channels, in: graph)
    let sums = try WinogradPoints(rows: windows.channels, columns: tiles.channels, in: graph)
    let product = try graph.product(
      from.transposed(graph.engine), slopes.memory, into: sums.memory, accumulates: true, node: node)
    let engine = graph.engine
    graph.emit(node, "backward weights winograd:F(4x4,5x5) \(product.implementation)") {
      sums.clear()
      bias?.floats.update(repeating: 0)
      for images in groups {
        windows.run(cnn_f32_winograd_blocks_input, source.floats, images: images, from)
        tiles.run(cnn_f32_winograd_blocks_gradient, gradient.floats, images: images, slopes)
        try product.run(engine)
        if let bias { slopes.addTiles(to: bias.floats) }
      }
      sums.run(cnn_f32_winograd_blocks_filter_gradient, weights.floats)
    }
    for points in [from, slopes, sums] { graph.release(points.memory) }
  }

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
