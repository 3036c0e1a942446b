/// How the output of one group of one image is cut into tiles of pixels × channels.
struct ConvolutionTiling: Hashable {
  let pixelBlocks, vectorsPerBlock: Int
  let channelBlocks, panelsPerBlock: Int

  var count: Int { pixelBlocks * channelBlocks }

  /// The cut that takes least time by a model: the busiest thread's tiles × (sums + packing), in
  /// units of a vector FMA. It depends on shapes and threads only.
  ///
  /// - Parameters:
  ///   - vectors: Vectors of output pixels.
  ///   - panels: Panels of output channels.
  ///   - rows: Output channels a panel.
  ///   - images: Images times groups, each cut alike.
  ///   - threads: Threads.
  ///   - vectorLimit: Vectors that the scratch memory holds.
  init(vectors: Int, panels: Int, rows: Int, images: Int, threads: Int, vectorLimit: Int) {
    let fewest = (vectors + vectorLimit - 1) / vectorLimit
    let most = min(vectors, fewest + 2 * threads)
    var best = (cost: Int.max, pixelBlocks: fewest, channelBlocks: 1)
    for pixelBlocks in fewest...most {
      var channelBlocks = 1
      while channelBlocks <= min(panels, 4 * threads) {
        let tiles = images * pixelBlocks * channelBlocks
        let block = (vectors + pixelBlocks - 1) / pixelBlocks
        let sums = (panels + channelBlocks - 1) / channelBlocks * rows
        let cost = (tiles + threads - 1) / threads * block * (sums + Self.packingCost)
        if cost < best.cost { best = (cost, pixelBlocks, channelBlocks) }
        channelBlocks += channelBlocks < 4 ? 1 : channelBlocks / 2
      }
    }
    vectorsPerBlock = (vectors + best.pixelBlocks - 1) / best.pixelBlocks
    pixelBlocks = (vectors + vectorsPerBlock - 1) / vectorsPerBlock
    panelsPerBlock = (panels + best.channelBlocks - 1) / best.channelBlocks
    channelBlocks = (panels + panelsPerBlock - 1) / panelsPerBlock
  }

  /// Packing a vector of B, in vector FMAs.
  private static let packingCost = 6
}
