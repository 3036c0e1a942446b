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
  let clamp: OutputClamp

  /// Floats of a block's products, a quarter of a 1 MiB second-level cache.
  private static let productLimit = 1 << 16
  /// Floats of the strips of pixels from which and to which tiles are transformed.
  private static let stripLimit = 1 << 14
  /// Floats of a region that a worker transforms and multiplies alone, and of one that all share.
  private static let ownLimit = 1 << 20
  private static let sharedLimit = 1 << 21

  init(
    _ convolution: Lowered.Convolution, shape: WinogradShape, kernels: Kernel.Winograd,
    _ context: StepContext
  ) throws {
    geometry = convolution.geometry
    self.shape = shape
    weights = try WinogradWeights(
      convolution, shape: shape, kernels: kernels, threads: context.threads)
    self.kernels = kernels
    name = context.kernels.winogradName
    input = context.input
    output = context.output
    residual = convolution.hasResidual ? context.inputs[1] : nil
    clamp = convolution.clamp
  }

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
  var productCount: Int { shape.points * productStride(rows: blockLimit) }

  func sharedCount(images: Int, threads: Int) -> Int {
    let rows = images * tileRows
    let own = pointStride(rows: min((rows + threads - 1) / threads, ownRows)) * threads
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
  /// would be so small that reading the weights for each took the time, as where weights outweigh tiles.
  private func ownRegions(_ rows: Int, threads: Int) -> [Range<Int>]? {
    let fewest = (rows + ownRows - 1) / ownRows
    let count = (fewest + threads - 1) / threads * threads
    guard threads > 1 else { return Self.split(0..<rows, parts: fewest) }
    // Alone each worker reads all weights; together each reads the tiles that all have transformed.
    guard 2 * shape.points * pointStride(rows: rows) >= weights.filters.count / geometry.groups
    else { return nil }
    let isEven = count <= rows && (rows % count == 0 || count >= 16 * threads)
    let isLarge = rows / count * tileColumns >= 24 || weights.filters.count <= Self.ownLimit / 4
    return isEven && isLarge ? Self.split(0..<rows, parts: count) : nil
  }

  /// Each worker transforms regions of its own and multiplies them by all weights: no thread waits.
  private func runAlone(_ frame: Frame, _ group: Int, _ regions: [Range<Int>]) {
    let size = shape.points * pointStride(rows: regions.map(\.count).max() ?? 0)
    frame.team.parallelFor(tiles: regions.count) { index, worker in
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
      frame.team.parallelFor(tiles: segments.count * chunks) { index, worker in
        transform(
          frame, group, segments[index / chunks], index % chunks, region, worker)
      }
      let blocks = Self.split(rows, limit: blockRows(rows.count, threads: frame.threads))
      // A worker's share is blocks next to each other, a panel's weights for all of them at a time;
      // or panels, where the blocks cannot be shared evenly.
      let shares = blocks.count % frame.threads == 0 ? frame.threads : 1
      let blocksOfShare = blocks.count / shares
      frame.team.parallelFor(tiles: blocks.count * weights.panelCount) {
        index, worker in
        let (share, rest) = index.quotientAndRemainder(
          dividingBy: blocksOfShare * weights.panelCount)
        multiply(
          frame, group, blocks[share * blocksOfShare + rest % blocksOfShare],
          rest / blocksOfShare, region, worker)
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
  func segments(_ rows: Range<Int>) -> [Range<Int>] {
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
  static func split(_ range: Range<Int>, limit: Int) -> [Range<Int>] {
    split(range, parts: (range.count + limit - 1) / limit)
  }

  private static func split(_ range: Range<Int>, parts: Int) -> [Range<Int>] {
    (0..<parts).map {
      range.lowerBound + $0 * range.count / parts..<range.lowerBound + ($0 + 1) * range.count
        / parts
    }
  }
}
