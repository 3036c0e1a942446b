import CKernels
import Networks

/// Convolution by Winograd's minimal filtering. The tile rows of all images form one list. A region
/// of it is transformed, `[point][input channels / lanes][tile][lanes]`; then each point's tiles are
/// multiplied by its weights, a panel of output channels and a block of tile rows at a time, and the
/// block is transformed back.
///
/// Every sum runs over the input channels in one order, whatever region, block and thread it is in,
/// so the bits depend neither on threads nor on the batch.
struct WinogradStep: Step {
  let geometry: ConvolutionGeometry
  let shape: WinogradShape
  let weights: WinogradWeights
  let kernels: Kernel.Winograd
  let name: String
  let input, output: Location
  let residual: Location?
  let relu: Bool

  /// Floats of a block's products, a quarter of a 1 MiB second-level cache.
  private static let productLimit = 1 << 16
  /// Floats of the strips of pixels from which and to which tiles are transformed.
  private static let stripLimit = 1 << 14
  /// Floats of a region that a worker transforms and multiplies alone, and of one that all share.
  private static let ownLimit = 1 << 20
  private static let sharedLimit = 1 << 21

  var algorithm: String {
    shape.window == 1
      ? "pixel-gemm \(name)"
      : "winograd F(\(shape.outputTile)×\(shape.outputTile), \(shape.kernel)×\(shape.kernel)) \(name)"
  }
  var weightBytes: Int { 4 * (weights.filters.count + weights.bias.count) }

  var tileRows: Int { (geometry.output.height + shape.outputTile - 1) / shape.outputTile }
  var tileColumns: Int { (geometry.output.width + shape.outputTile - 1) / shape.outputTile }
  /// Vectors of input channels.
  var chunks: Int { (geometry.inputChannels + kernels.lanes - 1) / kernels.lanes }

  /// Tile rows whose pixels are in scratch at a time.
  var stripRows: Int {
    max(1, Self.stripLimit / (shape.outputTile * kernels.lanes * stripColumns))
  }
  private var stripColumns: Int { tileColumns * shape.outputTile + shape.kernel - 1 }

  /// The most tile rows of a block.
  private var blockLimit: Int {
    max(1, Self.productLimit / (shape.points * 2 * kernels.lanes * tileColumns))
  }

  /// The floats from one point of a region to the next: an odd number of vectors, so that a tile's
  /// points do not compete for few sets of the cache.
  func pointStride(rows: Int) -> Int { (chunks * rows * tileColumns | 1) * kernels.lanes }

  /// The same in a block's products.
  func productStride(rows: Int) -> Int { (rows * tileColumns * 2 | 1) * kernels.lanes }

  private func regionLimit(_ floats: Int) -> Int {
    max(1, floats / (shape.points * chunks * tileColumns * kernels.lanes))
  }

  var scratchCount: Int {
    productCount
      + (min(stripRows, tileRows) * shape.outputTile + shape.kernel - 1) * stripColumns
      * kernels.lanes
  }
  private var productCount: Int { shape.points * productStride(rows: blockLimit) }

  func sharedCount(images: Int, threads: Int) -> Int {
    let rows = images * tileRows
    let own = pointStride(rows: min(rows, ownRows)) * threads
    return shape.points
      * max(own, pointStride(rows: min(rows, regionLimit(Self.sharedLimit))))
  }

  /// The most tile rows of a region of one worker.
  private var ownRows: Int { min(blockLimit, regionLimit(Self.ownLimit)) }

  func run(_ frame: Frame) {
    let rows = frame.count * tileRows
    for group in 0..<geometry.groups {
      if let regions = ownRegions(rows, threads: frame.threads) {
        runAlone(frame, group, regions)
      } else {
        runTogether(frame, group, rows)
      }
    }
  }

  /// Regions that keep every thread busy for as long, or nil where there are none such, or where they
  /// would be so small that reading the weights for each took the time.
  private func ownRegions(_ rows: Int, threads: Int) -> [Range<Int>]? {
    let fewest = (rows + ownRows - 1) / ownRows
    let count = (fewest + threads - 1) / threads * threads
    guard threads > 1 else { return Self.split(0..<rows, parts: fewest) }
    let isEven = count <= rows && (rows % count == 0 || count >= 16 * threads)
    let isLarge = rows / count * tileColumns >= 24 || weights.filters.count <= Self.ownLimit / 4
    return isEven && isLarge ? Self.split(0..<rows, parts: count) : nil
  }

  /// Each worker transforms regions of its own and multiplies them by all weights: no thread waits.
  private func runAlone(_ frame: Frame, _ group: Int, _ regions: [Range<Int>]) {
    let size = shape.points * pointStride(rows: regions.map(\.count).max() ?? 0)
    parallelFor(tiles: regions.count, threads: frame.threads) { index, worker in
      let region = Region(rows: regions[index], address: frame.shared + worker * size)
      for rows in segments(region.rows) {
        for chunk in 0..<chunks { transform(frame, group, rows, chunk, region, worker) }
      }
      for panel in 0..<weights.panelCount {
        multiply(frame, group, region.rows, panel, region, worker)
      }
    }
  }

  /// All workers transform one region, then multiply it, each by panels of its own.
  private func runTogether(_ frame: Frame, _ group: Int, _ rows: Int) {
    for rows in Self.split(0..<rows, limit: regionLimit(Self.sharedLimit)) {
      let region = Region(rows: rows, address: frame.shared)
      let segments = segments(rows)
      parallelFor(tiles: segments.count * chunks, threads: frame.threads) { index, worker in
        transform(
          frame, group, segments[index / chunks], index % chunks, region, worker)
      }
      let blocks = Self.split(rows, limit: blockRows(rows.count, threads: frame.threads))
      parallelFor(tiles: blocks.count * weights.panelCount, threads: frame.threads) {
        index, worker in
        multiply(
          frame, group, blocks[index % blocks.count], index / blocks.count, region, worker)
      }
    }
  }

  /// Tile rows of a block of a shared region: fewer than fit where panels are too few for the
  /// threads.
  private func blockRows(_ rows: Int, threads: Int) -> Int {
    var blocks = (rows + blockLimit - 1) / blockLimit
    while blocks < rows, blocks * weights.panelCount < 6 * threads,
      blocks * weights.panelCount % threads != 0
    {
      blocks += 1
    }
    return (rows + blocks - 1) / blocks
  }

  /// Tile rows of one image that fit the strip.
  private func segments(_ rows: Range<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var first = rows.lowerBound
    while first < rows.upperBound {
      let imageEnd = (first / tileRows + 1) * tileRows
      let last = min(rows.upperBound, imageEnd, first + stripRows)
      result.append(first..<last)
      first = last
    }
    return result
  }

  /// Nearly equal ranges, none longer than `limit`.
  private static func split(_ range: Range<Int>, limit: Int) -> [Range<Int>] {
    split(range, parts: (range.count + limit - 1) / limit)
  }

  private static func split(_ range: Range<Int>, parts: Int) -> [Range<Int>] {
    (0..<parts).map {
      range.lowerBound + $0 * range.count / parts..<range.lowerBound + ($0 + 1) * range.count
        / parts
    }
  }

  /// Transformed tile rows in memory.
  private struct Region {
    let rows: Range<Int>
    let address: UnsafeMutablePointer<Float>
  }

  private func transform(
    _ frame: Frame, _ group: Int, _ rows: Range<Int>, _ chunk: Int, _ region: Region, _ worker: Int
  ) {
    let image = rows.lowerBound / tileRows, lanes = kernels.lanes
    let channel = group * geometry.inputChannels + chunk * lanes
    let tiles = region.rows.count * tileColumns
    let tile = (rows.lowerBound - region.rows.lowerBound) * tileColumns
    var task = cnn_f32_winograd_input()
    task.input = frame.read(input, image: image) + channel * geometry.inputPlane
    task.channel_stride = Int64(geometry.inputPlane)
    task.channels = Int64(min(lanes, geometry.inputChannels - chunk * lanes))
    task.height = Int64(geometry.input.height)
    task.width = Int64(geometry.input.width)
    task.output_tile = Int64(shape.outputTile)
    task.kernel = Int64(shape.kernel)
    let stride = geometry.attributes.stride.height
    task.stride = Int64(stride)
    task.first_row =
      Int64(
        rows.lowerBound % tileRows * shape.outputTile * stride
          - geometry.attributes.padding.height)
    task.first_column = Int64(-geometry.attributes.padding.width)
    task.tile_rows = Int64(rows.count)
    task.tile_columns = Int64(tileColumns)
    task.output = region.address + (chunk * tiles + tile) * lanes
    task.point_stride = Int64(pointStride(rows: region.rows.count))
    task.scratch = frame.scratch(worker) + productCount
    kernels.input(&task)
  }

  private func multiply(
    _ frame: Frame, _ group: Int, _ rows: Range<Int>, _ panel: Int, _ region: Region, _ worker: Int
  ) {
    let lanes = kernels.lanes, width = weights.panelWidth(panel)
    let tiles = rows.count * tileColumns
    let first = (rows.lowerBound - region.rows.lowerBound) * tileColumns
    let groups = Self.split(0..<tiles, limit: kernels.rows)
    let products = frame.scratch(worker)
    var task = cnn_f32_winograd_gemm()
    task.a_stride = Int64(region.rows.count * tileColumns * lanes)
    task.c_stride = Int64(width)
    task.depth = Int64(geometry.inputChannels)
    task.vectors = Int64(width / lanes)
    var filters = UnsafePointer(weights.panel(group: group, panel))
    for point in 0..<shape.points {
      let tilesOfPoint =
        region.address + point * pointStride(rows: region.rows.count) + first * lanes
      let productsOfPoint = products + point * productStride(rows: rows.count)
      task.b = filters
      filters += geometry.inputChannels * width
      for (index, group) in groups.enumerated() {
        task.a = UnsafePointer(tilesOfPoint + group.lowerBound * lanes)
        task.c = productsOfPoint + group.lowerBound * width
        task.rows = Int64(group.count)
        task.next = index == groups.count - 1 ? filters : task.b
        kernels.gemm(&task)
      }
    }
    transformBack(frame, group, rows, panel, worker)
  }

  private func transformBack(
    _ frame: Frame, _ group: Int, _ rows: Range<Int>, _ panel: Int, _ worker: Int
  ) {
    let lanes = kernels.lanes, plane = geometry.outputPlane
    let width = weights.panelWidth(panel)
    var task = cnn_f32_winograd_output()
    task.point_stride = Int64(productStride(rows: rows.count))
    task.tile_stride = Int64(width)
    task.output_tile = Int64(shape.outputTile)
    task.kernel = Int64(shape.kernel)
    task.channel_stride = Int64(plane)
    task.height = Int64(geometry.output.height)
    task.width = Int64(geometry.output.width)
    task.tile_columns = Int64(tileColumns)
    task.relu = relu
    task.scratch = frame.scratch(worker) + productCount
    for segment in segments(rows) {
      let image = segment.lowerBound / tileRows
      task.first_row = Int64(segment.lowerBound % tileRows * shape.outputTile)
      task.tile_rows = Int64(segment.count)
      for vector in 0..<width / lanes {
        let inGroup = (panel * 2 + vector) * lanes
        let channel = group * geometry.outputChannels + inGroup
        task.input =
          UnsafePointer(frame.scratch(worker)) + vector * lanes
          + (segment.lowerBound - rows.lowerBound) * tileColumns * width
        task.bias =
          UnsafePointer(weights.bias.address)
          + (group * weights.vectorCount + panel * 2 + vector) * lanes
        task.channels = Int64(min(lanes, geometry.outputChannels - inGroup))
        task.output = frame.write(output, image: image) + channel * plane
        task.residual = residual.map { frame.read($0, image: image) + channel * plane }
        kernels.output(&task)
      }
    }
  }
}
