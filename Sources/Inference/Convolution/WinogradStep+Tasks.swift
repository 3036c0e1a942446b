import CKernels

/// What workers do: a chunk's transform, and a panel's products with the transform back.
extension WinogradStep {
  /// Transformed tile rows in memory.
  struct Region {
    let rows: Range<Int>
    let address: UnsafeMutablePointer<Float>
  }

  /// Transforms a vector of input channels of tile rows of one image, for all points.
  func transform(
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

  /// Multiplies a block's tiles by a panel of weights and transforms the products back.
  func multiply(
    _ frame: Frame, _ channelGroup: Int, _ rows: Range<Int>, _ panel: Int, _ region: Region,
    _ worker: Int
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
    // Each call asks for its part of the next point's filters, until all are asked for.
    let part = (width + groups.count - 1) / groups.count
    var filters = UnsafePointer(weights.panel(group: channelGroup, panel))
    for point in 0..<shape.points {
      let tilesOfPoint =
        region.address + point * pointStride(rows: region.rows.count) + first * lanes
      let productsOfPoint = products + point * productStride(rows: rows.count)
      task.b = filters
      filters += geometry.inputChannels * width
      for (index, tiles) in groups.enumerated() {
        task.a = UnsafePointer(tilesOfPoint + tiles.lowerBound * lanes)
        task.c = productsOfPoint + tiles.lowerBound * width
        task.rows = Int64(tiles.count)
        let isLeft = index * part < width
        task.next = isLeft ? filters + index * geometry.inputChannels * part : filters
        task.next_step = isLeft ? Int64(part) : 0
        if shape.window == 1 {
          announce(
            frame, group: channelGroup, panel,
            pixel: rows.lowerBound * tileColumns + tiles.lowerBound,
            &task)
        }
        kernels.gemm(&task)
      }
    }
    transformBack(frame, channelGroup, rows, panel, worker)
  }

  /// Tells a product without a transform where its pixels will go, from this one of the batch on.
  private func announce(
    _ frame: Frame, group: Int, _ panel: Int, pixel: Int, _ task: inout cnn_f32_winograd_gemm
  ) {
    let plane = geometry.outputPlane, inGroup = panel * 2 * kernels.lanes
    let (image, place) = pixel.quotientAndRemainder(dividingBy: plane)
    let first = (group * geometry.outputChannels + inGroup) * plane + place
    task.written = frame.write(output, image: image) + first
    task.residual = residual.map { frame.read($0, image: image) + first }
    task.planes = Int64(min(weights.panelWidth(panel), geometry.outputChannels - inGroup))
    task.plane_stride = Int64(plane)
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
    task.clamp = clamp.bounds
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
