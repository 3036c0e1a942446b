/// A model of what each algorithm costs a convolution, in units of a vector FMA. Which algorithm a
/// layer gets follows from shapes, ISA, batch and expected runs alone: a plan is the same whenever it
/// is made, and for any number of threads, since work and memory's bandwidth are a core's share.
///
/// `Benchmarks/fit_convolution_costs.py` measures every algorithm, fits the constants and reports how far
/// the choices are from the best. Those below are of a Zen 4 core with AVX-512 (57 · 10⁹
/// multiply–accumulates per second); as ratios of work they serve the narrower vectors too.
struct ConvolutionCosts: Sendable {
  let kernels: KernelSet
  /// Images at a time, and how many times.
  var batch, runs: Int
  /// The algorithm of every convolution that it can compute; nil to choose.
  let forced: ConvolutionAlgorithm?

  /// The same number of images in runs of no more than `images`.
  func limited(to images: Int) -> ConvolutionCosts {
    var limited = self
    limited.batch = min(batch, images)
    limited.runs = max(
      runs, runs.multipliedReportingOverflow(by: batch / limited.batch).partialValue)
    return limited
  }

  /// The algorithm of least cost.
  func algorithm(of geometry: ConvolutionGeometry) -> ConvolutionAlgorithm {
    if let forced { return forced }
    let costs = ConvolutionAlgorithm.all.compactMap { algorithm in
      cost(of: geometry, by: algorithm).map { (algorithm: algorithm, cost: $0) }
    }
    return costs.min { $0.cost < $1.cost }?.algorithm ?? .implicitGEMM
  }

  /// What an algorithm costs; nil where it cannot compute the convolution.
  func cost(of geometry: ConvolutionGeometry, by algorithm: ConvolutionAlgorithm) -> Double? {
    if algorithm == .implicitGEMM { return directCost(geometry) }
    guard let winograd = kernels.winograd, let shape = algorithm.winogradShape(geometry) else {
      return nil
    }
    return winogradCost(geometry, shape, lanes: winograd.lanes)
  }

  private func directCost(_ geometry: ConvolutionGeometry) -> Double {
    let gemm = kernels.gemm
    let vectors = Double((geometry.outputPlane + gemm.lanes - 1) / gemm.lanes)
    let panels = (geometry.outputChannels + gemm.rows - 1) / gemm.rows
    let columns = geometry.attributes.stride.width == 1 ? Self.columns : Self.stridedColumns
    let sums = vectors * Double(geometry.depth) * (Double(panels * gemm.rows) + columns)
    let weights = geometry.depth * geometry.outputChannels
    let loading = Self.packing * Double(weights) / Double(gemm.lanes)
    return Double(geometry.groups)
      * total(
        sums: Double(batch) * sums, weightBytes: 4 * weights, lanes: gemm.lanes, others: 0,
        loading: loading)
  }

  private func winogradCost(
    _ geometry: ConvolutionGeometry, _ shape: WinogradShape, lanes: Int
  ) -> Double {
    let m = shape.outputTile
    let tiles =
      batch * ((geometry.output.height + m - 1) / m) * ((geometry.output.width + m - 1) / m)
    let inputs = (geometry.inputChannels + lanes - 1) / lanes
    let outputs = (geometry.outputChannels + lanes - 1) / lanes
    let filters = Double(shape.points * geometry.inputChannels * outputs)
    // Few sums wait for each other.
    let sums = filters * max(Double(tiles), Self.leastTiles)
    let (input, output) = Self.transforms(shape)
    return Double(geometry.groups)
      * total(
        sums: sums, weightBytes: 4 * lanes * Int(filters), lanes: lanes,
        others: Double(tiles) * (Double(inputs) * input + Double(outputs) * output),
        loading: Self.filterTransform * filters)
  }

  /// Sums and the reading of weights overlap but for a part.
  private func total(
    sums: Double, weightBytes: Int, lanes: Int, others: Double, loading: Double
  ) -> Double {
    let reading = Double(weightBytes) / (Self.bytesPerFMA * Double(lanes) / 16)
    return max(sums, reading) * Self.longer + min(sums, reading) * Self.shorter + others
      + loading / Double(runs)
  }
}

// What Benchmarks/fit_convolution_costs.py reads here and fits.
extension ConvolutionCosts {
  /// Weights that a core's share of the memory's bandwidth brings in the time of an FMA of 16 lanes:
  /// on Zen 4, 6.7 to one busy core, 4 to each of two.
  private static let bytesPerFMA = 4.5
  /// Of computing and reading, the longer and the shorter one's part of the time.
  private static let longer = 1.05
  private static let shorter = 0.15
  /// Making a vector of the matrix of columns, as rows of weights that it is multiplied by.
  private static let columns = 6.0
  private static let stridedColumns = 15.0
  private static let leastTiles = 4.0
  /// Once in a plan's life, for a vector of weights: packing, and a point's filters.
  private static let packing = 25.0
  private static let filterTransform = 116.0

  /// The transforms of a tile of a vector of input and of output channels.
  private static func transforms(_ shape: WinogradShape) -> (input: Double, output: Double) {
    switch (shape.outputTile, shape.kernel) {
    case (1, _): (12, 12)
    case (2, 3): (70, 70)
    case (4, 3): (250, 250)
    case (2, _): (250, 180)
    case (6, _): (660, 660)
    default: (660, 450)
    }
  }
}
