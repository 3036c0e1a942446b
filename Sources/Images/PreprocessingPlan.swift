public import Networks

/// The one implementation of `Preprocessing`: invert, composite, scale, resize, normalise.
///
/// A plan keeps the resize weights of the last image's size and its scratch memory, so that images
/// of one size are prepared without allocation. Use one plan a thread.
///
/// The source is read row by row: each row is converted to floats, resampled horizontally, and added
/// to the output rows that it has a weight in. Memory is a few rows, however large the image.
public final class PreprocessingPlan {
  /// What the plan does.
  public let preprocessing: Preprocessing
  private var sourceSize = (width: 0, height: 0)
  private var columns = ResizeAxis(source: 1, resized: 1, length: 0)
  private var rows = ResizeAxis(source: 1, resized: 1, length: 0)
  private let planes = FloatScratch()
  private let resampledRow = FloatScratch()

  /// A plan.
  ///
  /// - Parameter preprocessing: What to do.
  /// - Throws: `NetworkError.invalidPreprocessing`.
  public init(_ preprocessing: Preprocessing) throws {
    try preprocessing.validate()
    self.preprocessing = preprocessing
  }

  /// Prepares an image.
  ///
  /// - Parameters:
  ///   - image: Of any size, colour and depth.
  ///   - output: `channels × height × width` floats, `[C, H, W]`; all are written.
  public func apply(to image: Image, into output: UnsafeMutableBufferPointer<Float>) {
    precondition(output.count == preprocessing.shape.elementCount)
    prepare(width: image.width, height: image.height)
    output.update(repeating: 0)
    let loader = RowLoader(preprocessing: preprocessing, image: image)
    planes.reserve(preprocessing.channels * loader.planeStride)
    resampledRow.reserve(preprocessing.width)
    var reached = 0
    for row in 0..<image.height {
      while reached < rows.counts.count, rows.starts[reached] + rows.counts[reached] <= row {
        reached += 1
      }
      guard reached < rows.counts.count else { break }
      if rows.starts[reached] > row { continue }
      loader.load(row: row, into: planes.buffer)
      for channel in 0..<preprocessing.channels {
        let plane = UnsafeMutableBufferPointer(
          rebasing: planes.buffer[channel * loader.planeStride..<(channel + 1) * loader.planeStride]
        )
        columns.resample(UnsafeBufferPointer(plane), into: resampledRow.buffer)
        add(row: row, firstOutput: reached, channel: channel, to: output)
      }
    }
    normalize(output)
  }

  private func prepare(width: Int, height: Int) {
    if sourceSize == (width, height) { return }
    let geometry = AxisGeometry.both(preprocessing, width: width, height: height)
    columns = ResizeAxis(
      source: width, resized: geometry.columns.resized, offset: geometry.columns.offset,
      length: preprocessing.width)
    rows = ResizeAxis(
      source: height, resized: geometry.rows.resized, offset: geometry.rows.offset,
      length: preprocessing.height)
    sourceSize = (width, height)
  }

  // Adds the resampled source row to every output row that reads it; these are consecutive.
  private func add(
    row: Int, firstOutput: Int, channel: Int, to output: UnsafeMutableBufferPointer<Float>
  ) {
    guard let source = resampledRow.buffer.baseAddress, let base = output.baseAddress else {
      return
    }
    let width = preprocessing.width
    var position = firstOutput
    while position < rows.counts.count, rows.starts[position] <= row {
      let tap = row - rows.starts[position]
      if tap < rows.counts[position] {
        let weight = rows.weights[position * rows.stride + tap]
        let target = base + (channel * preprocessing.height + position) * width
        for x in 0..<width { target[x] += weight * source[x] }
      }
      position += 1
    }
  }

  private func normalize(_ output: UnsafeMutableBufferPointer<Float>) {
    let area = preprocessing.height * preprocessing.width
    for channel in 0..<preprocessing.channels {
      let mean = preprocessing.mean[channel]
      let deviation = preprocessing.std[channel]
      if mean == 0 && deviation == 1 { continue }
      for index in channel * area..<(channel + 1) * area {
        output[index] = (output[index] - mean) / deviation
      }
    }
  }
}
