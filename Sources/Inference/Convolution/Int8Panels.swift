import CKernels
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A convolution's int8 filters in panels `[group][panel][run][elements / g][channels][g]`, g the
/// elements that the kernel multiplies at a time, with a bias and a factor for each channel; what no
/// filter fills is zeros.
struct Int8Panels: Sendable {
  let panelCount: Int
  /// Bytes of a panel.
  let panelSize: Int
  private let memory: AlignedFloats
  private let biases: AlignedFloats
  private let factors: AlignedFloats
  private let channels: Int

  /// Packs in parallel over panels.
  ///
  /// - Parameters:
  ///   - filters: The weights, OIHW.
  ///   - runs: What a window consists of.
  ///   - grid: What sums are rounded to; nil for floats.
  ///   - geometry: The convolution.
  ///   - kernel: What reads the panels.
  ///   - threads: Threads.
  /// - Throws: `InferenceError.outOfMemory`.
  init(
    _ filters: Int8Filters, runs: WindowRuns, to grid: Grid?, geometry: ConvolutionGeometry,
    kernel: Kernel.Convolution8, threads: Int
  ) throws {
    let panelCount = (geometry.outputChannels + kernel.channels - 1) / kernel.channels
    let panels = geometry.groups * panelCount
    self.panelCount = panelCount
    channels = kernel.channels
    panelSize = runs.count * runs.groups(of: kernel) * kernel.group * kernel.channels
    memory = try AlignedFloats(uninitialized: (panels * panelSize + 3) / 4)
    biases = try AlignedFloats(uninitialized: panels * kernel.channels)
    factors = try AlignedFloats(uninitialized: panels * kernel.channels)
    let packing = Packing(
      filters: filters, runs: runs, factors: filters.factors(to: grid), geometry: geometry,
      kernel: kernel, panelCount: panelCount, panelSize: panelSize, toPanels: bytes, toBiases: bias,
      toFactors: factors.address)
    filters.weights.withInt8 { weights in
      guard let base = weights.baseAddress else { return }
      let source = Packing.Source(address: base)
      parallelFor(tiles: panels, threads: threads) { panel, _ in
        packing.pack(panel, source.address)
      }
    }
  }

  private var bytes: UnsafeMutablePointer<Int8> {
    UnsafeMutableRawPointer(memory.address).assumingMemoryBound(to: Int8.self)
  }
  private var bias: UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(biases.address).assumingMemoryBound(to: Int32.self)
  }

  /// Bytes of weights, biases and factors.
  var byteCount: Int { 4 * (memory.count + biases.count + factors.count) }

  /// Where a panel's weights, biases and factors are.
  func panel(
    _ index: Int
  ) -> (weights: UnsafePointer<Int8>, bias: UnsafePointer<Int32>, factors: UnsafePointer<Float>) {
    (
      UnsafePointer(bytes + index * panelSize), UnsafePointer(bias + index * channels),
      UnsafePointer(factors.address + index * channels)
    )
  }
}

/// What packs panels.
private struct Packing: @unchecked Sendable {
  struct Source: @unchecked Sendable { let address: UnsafePointer<Int8> }

  let filters: Int8Filters
  let runs: WindowRuns
  let factors: [Float]
  let geometry: ConvolutionGeometry
  let kernel: Kernel.Convolution8
  let panelCount, panelSize: Int
  let toPanels: UnsafeMutablePointer<Int8>
  let toBiases: UnsafeMutablePointer<Int32>
  let toFactors: UnsafeMutablePointer<Float>

  func pack(_ panel: Int, _ weights: UnsafePointer<Int8>) {
    let panelChannels = kernel.channels, count = geometry.outputChannels
    let to = toPanels + panel * panelSize
    memset(to, 0, panelSize)
    for lane in 0..<panelChannels {
      let place = panel * panelChannels + lane
      let filter = panel % panelCount * panelChannels + lane
      guard filter < count else {
        (toBiases[place], toFactors[place]) = (0, 0)
        continue
      }
      let output = panel / panelCount * count + filter
      let sum = pack(weights + output * geometry.depth, to + lane * kernel.group)
      toBiases[place] = filters.correctedBias(output, sum: sum, offset: kernel.offset)
      toFactors[place] = factors[output]
    }
  }

  /// Packs one filter `[channel][tap]` into its lane.
  ///
  /// - Returns: The sum of its weights.
  private func pack(_ filter: UnsafePointer<Int8>, _ lane: UnsafeMutablePointer<Int8>) -> Int32 {
    var pack = cnn_s8_pack()
    pack.filter = filter
    pack.lane = lane
    pack.taps = Int64(geometry.taps)
    pack.channels = Int64(geometry.inputChannels)
    pack.runs = Int64(runs.count)
    pack.run_taps = Int64(geometry.taps / runs.count)
    pack.group = Int64(kernel.group)
    pack.group_stride = Int64(kernel.group * kernel.channels)
    pack.run_stride = Int64(panelSize / runs.count)
    return cnn_s8_pack_scalar(&pack)
  }
}
