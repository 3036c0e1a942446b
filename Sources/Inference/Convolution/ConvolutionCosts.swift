/// A model of what each algorithm costs a convolution, in units of a vector FMA. Which algorithm a
/// layer gets follows from shapes, ISA, batch and expected runs alone: a plan is the same whenever it
/// is made, and for any number of threads, since work and memory's bandwidth are a core's share.
///
/// The constants were fitted to a Zen 4 core with AVX-512 (57 · 10⁹ multiply–accumulates a second); as
/// ratios of work they serve the narrower vectors too.
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
    var best = (algorithm: ConvolutionAlgorithm.implicitGEMM, cost: directCost(geometry))
    guard let winograd = kernels.winograd else { return best.algorithm }
    for algorithm in ConvolutionAlgorithm.all {
      guard let shape = algorithm.winogradShape(geometry) else { continue }
      let cost = cost(of: geometry, shape, lanes: winograd.lanes, rows: winograd.rows)
      if cost < best.cost { best = (algorithm, cost) }
    }
    return best.algorithm
  }

  private func directCost(_ geometry: ConvolutionGeometry) -> Double {
    let gemm = kernels.gemm
    let vectors = Double((geometry.outputPlane + gemm.lanes - 1) / gemm.lanes)
    let panels = (geometry.outputChannels + gemm.rows - 1) / gemm.rows
    let packing = geometry.attributes.stride.width == 1 ? 6.0 : 15.0
    let sums = vectors * Double(geometry.depth) * (Double(panels * gemm.rows) + packing)
    let weights = geometry.depth * geometry.outputChannels
    let loading = Self.packing * Double(weights) / Double(gemm.lanes)
    return Double(geometry.groups)
      * total(
        sums: Double(batch) * sums, weightBytes: 4 * weights, lanes: gemm.lanes, others: 0,
        loading: loading)
  }

  private func cost(
    of geometry: ConvolutionGeometry, _ shape: WinogradShape, lanes: Int, rows: Int
  ) -> Double {
    let m = shape.outputTile
    let tiles =
      batch * ((geometry.output.height + m - 1) / m) * ((geometry.output.width + m - 1) / m)
    let inputs = (geometry.inputChannels + lanes - 1) / lanes
    let outputs = (geometry.outputChannels + lanes - 1) / lanes
    let filters = Double(shape.points * geometry.inputChannels * outputs)
    // Few sums wait for each other.
    let sums = filters * Double(max(tiles, 4))
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
    return max(sums, reading) * 1.05 + min(sums, reading) * 0.15 + others + loading / Double(runs)
  }

  /// Weights that a core's share of the memory's bandwidth brings in the time of an FMA of 16 lanes:
  /// here 6.7 to one busy core, 4 to each of two.
  private static let bytesPerFMA = 4.5

  /// The transforms of a tile of a vector of input and of output channels.
  private static func transforms(_ shape: WinogradShape) -> (input: Double, output: Double) {
    switch shape.window {
    case 1: (12, 12)
    case 4: (70, 70)
    case 6: (250, shape.kernel == 3 ? 250 : 180)
    default: (660, shape.kernel == 3 ? 660 : 450)
    }
  }

  /// Once in a plan's life, for a vector of weights: packing, and a point's filters.
  private static let packing = 25.0
  private static let filterTransform = 116.0
}
