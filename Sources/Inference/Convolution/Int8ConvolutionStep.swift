import CKernels
import Networks

/// Convolution of uint8 activations by int8 weights. Windows are read where they lie, in the input
/// itself or, where it has a border or the kernel wants other elements, in a copy: the product is
/// implicit, and nothing is larger than the image.
struct Int8ConvolutionStep: Step {
  private let geometry: ConvolutionGeometry
  private let panels: Int8Panels
  private let runs: WindowRuns
  private let rows: PixelRows
  /// Nil where the input is read where it lies.
  private let padded: PaddedImage?
  private let kernel: Kernel.Convolution8
  private let kernelName: String
  private let inputZero: UInt8
  private let clamp: OutputClamp
  /// Nil for floats.
  private let outputGrid: Grid?
  private let residual: (grid: Grid, place: Location)?
  private let input, output: Location

  /// Floats of prepared images at a time: half of a common second-level cache.
  private static let sharedLimit = 1 << 18

  init(
    _ convolution: Lowered.Convolution, _ filters: Int8Filters, residual: Grid?, to grid: Grid?,
    _ context: StepContext
  ) throws {
    geometry = convolution.geometry.byPixels
    (kernelName, kernel) = context.kernels.convolution8(runLength: WindowRuns.length(geometry))
    let needsCopy = geometry.attributes.padding != Extent(0) || !kernel.readsActivations
    padded = needsCopy ? PaddedImage(geometry, kernel: kernel) : nil
    let rowStride = (padded?.width ?? geometry.input.width) * geometry.input.channels
    runs = WindowRuns(geometry, rowStride: rowStride)
    rows = PixelRows(geometry, rowStride: rowStride, kernel: kernel)
    panels = try Int8Panels(
      filters, runs: runs, to: grid, geometry: geometry, kernel: kernel, threads: context.threads)
    inputZero = filters.input.zeroPoint
    clamp = convolution.clamp
    outputGrid = grid
    self.residual = residual.map { ($0, context.inputs[1]) }
    input = context.input
    output = context.output
  }

  var algorithm: String { "int8 implicit-gemm \(kernelName)" }
  var isInt8: Bool { true }
  var weightBytes: Int { panels.byteCount }

  func sharedCount(images: Int, threads: Int) -> Int {
    padded.map { $0.size * min(images, imagesAtOnce($0)) } ?? 0
  }

  private func imagesAtOnce(_ padded: PaddedImage) -> Int {
    max(1, Self.sharedLimit / padded.size)
  }

  func run(_ frame: Frame) {
    guard let padded else { return multiply(frame, 0..<frame.count) }
    for first in stride(from: 0, to: frame.count, by: imagesAtOnce(padded)) {
      let images = first..<min(frame.count, first + imagesAtOnce(padded))
      let parts = padded.partCount
      frame.team.parallelFor(tiles: images.count * parts) { tile, _ in
        let image = tile / parts
        for row in padded.rows(ofPart: tile % parts) {
          padded.fill(
            row: row, of: frame.shared + image * padded.size,
            from: frame.readBytes(input, image: images.lowerBound + image), zero: inputZero)
        }
      }
      multiply(frame, images)
    }
  }

  /// Where the windows of an image, counted from the first prepared one, are.
  private func source(_ frame: Frame, _ images: Range<Int>, _ image: Int) -> UnsafeRawPointer {
    guard let padded else {
      return UnsafeRawPointer(frame.readBytes(input, image: images.lowerBound + image))
    }
    return UnsafeRawPointer(frame.shared + image * padded.size)
  }

  /// Panels of a thread's turn: of about a cache line of a pixel's bytes.
  private var panelsOfTurn: Int { max(1, 64 / min(kernel.channels, geometry.outputChannels)) }
  private var panelCount: Int { geometry.groups * panels.panelCount }
  /// Turns that some rows of an image make.
  private var turnsOfRows: Int { (panelCount + panelsOfTurn - 1) / panelsOfTurn }

  /// Rows of a thread's turn: all where images keep every thread busy for as long, else each thread's
  /// part of them, cut further where the panels alone would not make enough turns. An even number,
  /// since kernels may take two at a time.
  private func rowsOfTurn(images: Int, threads: Int) -> Int {
    let isEven = images % threads == 0 || images * turnsOfRows >= 4 * threads
    if images >= threads, isEven { return rows.count }
    let blocks = threads * max(1, 4 / turnsOfRows)
    return max(1, min(rows.count, ((rows.count + blocks - 1) / blocks + 1) / 2 * 2))
  }

  private func multiply(_ frame: Frame, _ images: Range<Int>) {
    let length = rowsOfTurn(images: images.count, threads: frame.threads)
    let blocks = (rows.count + length - 1) / length
    frame.team.parallelFor(tiles: images.count * blocks * turnsOfRows) { turn, _ in
      let (block, index) = turn.quotientAndRemainder(dividingBy: turnsOfRows)
      let image = block / blocks, row = block % blocks * length
      for panel in index * panelsOfTurn..<min(panelCount, (index + 1) * panelsOfTurn) {
        multiply(
          frame, images.lowerBound + image, source(frame, images, image), panel: panel,
          row..<min(rows.count, row + length))
      }
    }
  }

  private func multiply(
    _ frame: Frame, _ image: Int, _ source: UnsafeRawPointer, panel: Int, _ range: Range<Int>
  ) {
    let group = panel / panels.panelCount
    let filter = panel % panels.panelCount * kernel.channels
    var tile = tile(panel: panel, filter: filter)
    runs.offsets.withUnsafeBufferPointer { offsets in
      tile.runs = offsets.baseAddress
      for rectangle in rows.rectangles(of: range) {
        tile.rows = Int64(rectangle.rows.count)
        multiply(
          &tile, frame, image, source + group * geometry.inputChannels * kernel.elementSize,
          row: rectangle.rows.lowerBound, width: rectangle.width,
          channel: group * geometry.outputChannels + filter)
      }
    }
  }

  /// What all parts of a panel have in common.
  private func tile(panel: Int, filter: Int) -> cnn_u8_conv {
    let packed = panels.panel(panel)
    var tile = cnn_u8_conv()
    tile.run_count = Int64(runs.count)
    tile.run_groups = Int64(runs.groups(of: kernel))
    tile.pixel_stride = Int64(geometry.attributes.stride.width * geometry.input.channels)
    tile.row_stride = Int64(rows.inputStride)
    tile.pitch = Int64(rows.pitch)
    (tile.weights, tile.bias) = (packed.weights, packed.bias)
    tile.rounding = outputGrid?.rounding(clamp) ?? .floats(clamp)
    tile.rounding.scale = packed.factors
    tile.channels = Int64(min(kernel.channels, geometry.outputChannels - filter))
    tile.output_stride = Int64(geometry.output.channels)
    if let residual, let outputGrid {
      tile.residual_stride = tile.output_stride
      tile.residual_zero = Int32(residual.grid.zeroPoint)
      tile.residual_scale = residual.grid.scale / outputGrid.scale
    }
    return tile
  }

  /// A rectangle of pixels by a panel, in nearly equal parts that the kernel has the width for.
  private func multiply(
    _ tile: inout cnn_u8_conv, _ frame: Frame, _ image: Int, _ source: UnsafeRawPointer,
    row: Int, width: Int, channel: Int
  ) {
    let parts = (width + kernel.pixels - 1) / kernel.pixels
    for part in 0..<parts {
      let first = part * width / parts
      tile.pixels = Int64((part + 1) * width / parts - first)
      let element = row * rows.inputStride + first * Int(tile.pixel_stride)
      tile.input = source + element * kernel.elementSize
      let place = (row * rows.pitch + first) * geometry.output.channels + channel
      if outputGrid != nil {
        tile.output = frame.writeBytes(output, image: image) + place
      } else {
        tile.floats = frame.write(output, image: image) + place
      }
      if let residual { tile.residual = frame.readBytes(residual.place, image: image) + place }
      kernel.run(&tile)
    }
  }
}
