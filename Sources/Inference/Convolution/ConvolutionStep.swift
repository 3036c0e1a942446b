import CKernels
import Networks

/// Convolution as an implicit matrix product: for a tile of output pixels the rows of B (a window's
/// elements, one column a pixel) are made in scratch memory, a part of the depth at a time, and
/// multiplied by panels of filters. Every sum runs over the depth in one order, whatever the tile,
/// so the bits depend neither on threads nor on the batch.
struct ConvolutionStep: Step {
  let geometry: ConvolutionGeometry
  let weights: PackedWeights
  let kernels: KernelSet
  let input, output: Location
  let residual: Location?
  let clamp: OutputClamp
  private let blocks: [DepthBlock]

  /// Rows of B in scratch at a time: with `columnLimit` half of a 1 MiB second-level cache, and a
  /// panel of filters of this depth half of the first-level one.
  private static let depthLimit = 512
  private static let columnLimit = 240

  init(_ convolution: Lowered.Convolution, _ context: StepContext) throws {
    geometry = convolution.geometry
    kernels = context.kernels
    weights = try PackedWeights(
      convolution, rows: kernels.gemm.rows, threads: context.threads)
    input = context.input
    output = context.output
    residual = convolution.hasResidual ? context.inputs[1] : nil
    clamp = convolution.clamp
    blocks = DepthBlock.blocks(
      channels: geometry.inputChannels, taps: geometry.taps, limit: Self.depthLimit)
  }

  var algorithm: String { "implicit-gemm \(kernels.gemm.name)" }
  var weightBytes: Int { 4 * (weights.panels.count + weights.bias.count) }
  var scratchCount: Int {
    (blocks.map(\.count).max() ?? 0) * min(Self.columnLimit, vectors * kernels.gemm.lanes)
  }
  private var vectors: Int { (geometry.outputPlane + kernels.gemm.lanes - 1) / kernels.gemm.lanes }

  func run(_ frame: Frame) {
    let tiling = ConvolutionTiling(
      vectors: vectors, panels: weights.panelCount, rows: kernels.gemm.rows,
      images: frame.count * geometry.groups, threads: frame.threads,
      vectorLimit: Self.columnLimit / kernels.gemm.lanes)
    let tiles = frame.count * geometry.groups * tiling.count
    frame.team.parallelFor(tiles: tiles) { tile, worker in
      let part = tile % tiling.count
      let group = tile / tiling.count % geometry.groups
      let image = tile / tiling.count / geometry.groups
      let first = part / tiling.channelBlocks * tiling.vectorsPerBlock * kernels.gemm.lanes
      let last = first + tiling.vectorsPerBlock * kernels.gemm.lanes
      let panel = part % tiling.channelBlocks * tiling.panelsPerBlock
      runTile(
        frame, image: image, group: group, pixels: first..<min(last, geometry.outputPlane),
        panels: panel..<min(panel + tiling.panelsPerBlock, weights.panelCount),
        scratch: frame.scratch(worker))
    }
  }

  private func runTile(
    _ frame: Frame, image: Int, group: Int, pixels: Range<Int>, panels: Range<Int>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let from =
      frame.read(input, image: image) + group * geometry.inputChannels * geometry.inputPlane
    var start = 0
    for (index, block) in blocks.enumerated() {
      pack(block, from, pixels, scratch)
      multiply(
        frame, image: image, group: group, pixels: pixels, panels: panels, scratch: scratch,
        depth: start..<start + block.count, isLast: index == blocks.count - 1)
      start += block.count
    }
  }

  /// Fills the scratch memory: slivers `[depth][columns]`, each as wide as the kernel's tile.
  private func pack(
    _ block: DepthBlock, _ input: UnsafePointer<Float>, _ pixels: Range<Int>,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    let attributes = geometry.attributes
    var tile = cnn_f32_im2col()
    tile.input = input + block.channels.lowerBound * geometry.inputPlane
    tile.channel_stride = Int64(geometry.inputPlane)
    tile.height = Int64(geometry.input.height)
    tile.width = Int64(geometry.input.width)
    tile.output_width = Int64(geometry.output.width)
    tile.kernel_width = Int64(attributes.kernelSize.width)
    tile.stride_y = Int64(attributes.stride.height)
    tile.stride_x = Int64(attributes.stride.width)
    tile.padding_y = Int64(attributes.padding.height)
    tile.padding_x = Int64(attributes.padding.width)
    tile.dilation_y = Int64(attributes.dilation.height)
    tile.dilation_x = Int64(attributes.dilation.width)
    tile.channels = Int64(block.channels.count)
    tile.first_tap = Int64(block.taps.lowerBound)
    tile.last_tap = Int64(block.taps.upperBound)
    for first in stride(from: pixels.lowerBound, to: pixels.upperBound, by: kernels.gemm.columns) {
      let columns = min(kernels.gemm.columns, pixels.upperBound - first)
      tile.first_pixel = Int64(first)
      tile.columns = Int64(columns)
      tile.row_stride = Int64(rowStride(columns))
      tile.output = scratch + (first - pixels.lowerBound) * block.count
      kernels.im2col(&tile)
    }
  }

  /// Columns in whole vectors.
  private func rowStride(_ columns: Int) -> Int {
    (columns + kernels.gemm.lanes - 1) / kernels.gemm.lanes * kernels.gemm.lanes
  }

  private func multiply(
    _ frame: Frame, image: Int, group: Int, pixels: Range<Int>, panels: Range<Int>,
    scratch: UnsafeMutablePointer<Float>, depth: Range<Int>, isLast: Bool
  ) {
    let rows = kernels.gemm.rows, plane = geometry.outputPlane
    // Each call asks for its part of the next panel.
    let slivers = (pixels.count + kernels.gemm.columns - 1) / kernels.gemm.columns
    let part = (rows + slivers - 1) / slivers
    var tile = cnn_f32_gemm()
    tile.next_step = Int64(part)
    tile.depth = Int64(depth.count)
    tile.c_stride = Int64(plane)
    tile.clamp = (isLast ? clamp : .none).bounds
    for panel in panels {
      let packed = group * weights.panelCount + panel
      let channel = group * geometry.outputChannels + panel * rows
      tile.a =
        UnsafePointer(weights.panels.address)
        + (packed * geometry.depth + depth.lowerBound) * rows
      tile.bias =
        depth.lowerBound == 0 ? UnsafePointer(weights.bias.address + packed * rows) : nil
      tile.rows = Int64(min(rows, geometry.outputChannels - panel * rows))
      let to = frame.write(output, image: image) + channel * plane
      let other = isLast ? residual.map { frame.read($0, image: image) + channel * plane } : nil
      tile.next = tile.a.map { $0 + geometry.depth * rows }
      for first in stride(from: pixels.lowerBound, to: pixels.upperBound, by: kernels.gemm.columns)
      {
        let columns = min(kernels.gemm.columns, pixels.upperBound - first)
        tile.columns = Int64(columns)
        tile.b_stride = Int64(rowStride(columns))
        tile.b = UnsafePointer(scratch) + (first - pixels.lowerBound) * depth.count
        tile.c = to + first
        tile.residual = other.map { $0 + first }
        kernels.gemm.run(&tile)
        tile.next = tile.next.map { $0 + depth.count * part }
      }
    }
  }
}
