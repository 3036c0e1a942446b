internal import CKernels
internal import Networks

/// Feature maps cut into tiles for Winograd's F(4×4, 5×5) or F(6×6, 3×3): a tile of a result needs a
/// window of 8×8, which becomes 64 points (Lavin & Gray 2016).
struct WinogradTiles {
  /// m, 4 or 6: the pixels from one tile to the next.
  let step: Int
  let channels: Int
  /// Of the maps.
  let size: Extent
  /// Rows and columns of tiles.
  let grid: Extent
  /// Rows and columns before the maps, where the first tile starts, or, where negative, in them.
  let before: Extent

  /// Cuts maps into the tiles that make a result of a size.
  init(step: Int, channels: Int, size: Extent, making result: Extent, before: Extent = 0) {
    self.step = step
    self.channels = channels
    self.size = size
    self.before = before
    grid = Extent(
      height: (result.height + step - 1) / step, width: (result.width + step - 1) / step)
  }

  /// Tiles of an image.
  var count: Int { grid.height * grid.width }

  private var blocks: Int { channels / 16 }

  typealias Transform = (UnsafePointer<cnn_f32_winograd_blocks>?) -> Void

  /// Transforms some images' maps to points, or back.
  ///
  /// - Parameters:
  ///   - transform: One of the kernels for a block of an image.
  ///   - maps: The maps, in fp32 where they are written.
  ///   - images: Which of them.
  ///   - points: Matrices `[tiles of all these images][C]`.
  ///   - bias: `[C]`, which a transform to maps adds.
  ///   - relu: Whether a transform to maps ends in a ReLU.
  func run(
    _ transform: Transform, _ maps: ChannelBlocks, images: Range<Int>,
    _ points: WinogradPoints, bias: UnsafeMutableBufferPointer<Float>? = nil, relu: Bool = false
  ) {
    guard let matrices = points.floats.baseAddress else { return }
    parallelForEach(images.count * blocks) { item in
      let (image, block) = item.quotientAndRemainder(dividingBy: blocks)
      var task = cnn_f32_winograd_blocks()
      task.maps = maps.address(image: images.lowerBound + image, block: block)
      task.is_bfloat16 = maps.isBFloat16
      task.pixel_stride = Int64(maps.pixelStride)
      task.height = Int64(size.height)
      task.width = Int64(size.width)
      task.first_row = -Int64(before.height)
      task.first_column = -Int64(before.width)
      task.step = Int64(step)
      task.tile_rows = Int64(grid.height)
      task.tile_columns = Int64(grid.width)
      task.points = matrices + image * count * channels + block * 16
      task.point_stride = Int64(points.stride)
      task.tile_stride = Int64(channels)
      task.bias = bias?.baseAddress.map { UnsafePointer($0 + block * 16) }
      task.clamp = cnn_f32_clamp(lower: relu ? 0 : -.infinity, upper: .infinity)
      transform(&task)
    }
  }
}

/// The points of tiles or filters: 64 row-major matrices, by which Winograd's convolution is 64
/// products.
struct WinogradPoints {
  static let count = 64

  let memory: Memory
  let rows: Int
  let columns: Int
  /// Floats from one matrix to the next.
  let stride: Int

  var floats: UnsafeMutableBufferPointer<Float> { memory.floats }

  init(rows: Int, columns: Int, in graph: GraphBuilder) throws {
    self.rows = rows
    self.columns = columns
    // A line more than whole pages: the same place of all points is in different sets of a cache.
    stride = (rows * columns + 1023) / 1024 * 1024 + 16
    memory = try graph.memory(
      Layout([Self.count, rows, columns], strides: [stride, columns, 1]))
  }

  /// The same memory, every matrix transposed.
  func transposed(_ engine: Engine) throws -> Memory {
    let layout = try Layout([Self.count, columns, rows], strides: [stride, 1, columns])
    return try Memory(layout, engine, buffer: memory.buffer)
  }

  typealias Transform = (UnsafePointer<cnn_f32_winograd_filters>?) -> Void

  /// Transforms filters to points, or a gradient back.
  ///
  /// - Parameters:
  ///   - transform: The kernel for 16 columns of a row.
  ///   - filters: `[kernel²][rows][columns]`.
  ///   - kernel: r, 5 or 3.
  ///   - isRotated: Whether the taps are read from the last to the first.
  func run(
    _ transform: Transform, _ filters: UnsafeMutableBufferPointer<Float>, kernel: Int,
    isRotated: Bool = false
  ) {
    guard let taps = filters.baseAddress, let matrices = floats.baseAddress else { return }
    parallelForEach(rows * columns / 16) { item in
      var task = cnn_f32_winograd_filters()
      task.kernel = Int64(kernel)
      task.taps = taps + item * 16
      task.tap_stride = Int64(rows * columns)
      task.points = matrices + item * 16
      task.point_stride = Int64(stride)
      task.rotated = isRotated
      transform(&task)
    }
  }
}
