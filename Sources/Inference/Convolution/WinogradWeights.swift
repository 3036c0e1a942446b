import CKernels
import Tensors

/// A convolution's transformed filters `[group][panel][point][input channel][panel width]` and the
/// biases `[group][panel][panel width]`. A panel is two vectors of output channels; the last is one
/// where the other would be empty. Channels past the last are zeros.
struct WinogradWeights: Sendable {
  let filters: AlignedFloats
  let bias: AlignedFloats
  let panelCount: Int
  /// Vectors of output channels of a group.
  let vectorCount: Int
  private let lanes, depth, points: Int

  /// Transforms, with each filter times its scale, in parallel over vectors of output channels.
  ///
  /// - Parameters:
  ///   - convolution: Weights OIHW, scale, shift and geometry.
  ///   - shape: The transform.
  ///   - kernels: The transform's kernels.
  ///   - threads: Threads.
  /// - Throws: `InferenceError.outOfMemory`.
  init(
    _ convolution: Lowered.Convolution, shape: WinogradShape, kernels: Kernel.Winograd, threads: Int
  ) throws {
    let geometry = convolution.geometry
    let lanes = kernels.lanes, outputs = geometry.outputChannels
    let vectors = (outputs + lanes - 1) / lanes
    (self.lanes, depth, points) = (lanes, geometry.inputChannels, shape.points)
    vectorCount = vectors
    panelCount = (vectors + 1) / 2
    let groups = geometry.groups
    filters = try AlignedFloats(
      uninitialized: groups * vectors * lanes * shape.points * geometry.inputChannels)
    bias = try AlignedFloats(uninitialized: groups * vectors * lanes)
    let matrix = shape.filterMatrix
    let target = self
    convolution.weights.withFloats { source in
      guard let base = source.baseAddress else { return }
      let source = Source(address: base)
      parallelFor(tiles: groups * vectors, threads: threads) { vector, _ in
        target.transform(
          vector, of: source.address, convolution, shape, matrix, kernels)
      }
    }
  }

  private func transform(
    _ index: Int, of weights: UnsafePointer<Float>, _ convolution: Lowered.Convolution,
    _ shape: WinogradShape, _ matrix: [Double], _ kernels: Kernel.Winograd
  ) {
    let geometry = convolution.geometry
    let group = index / vectorCount, vector = index % vectorCount
    let first = group * geometry.outputChannels + vector * lanes
    let channels = min(lanes, geometry.outputChannels - vector * lanes)
    let factors = (0..<lanes).map { $0 < channels ? convolution.scale?[first + $0] ?? 1 : 0 }
    for lane in 0..<lanes {
      bias.address[index * lanes + lane] =
        lane < channels ? Float(convolution.shift[first + lane]) : 0
    }
    let taps = shape.kernel * shape.kernel
    let width = panelWidth(vector / 2)
    let panel = self.panel(group: group, vector / 2) + vector % 2 * lanes
    var task = cnn_f32_winograd_weights()
    task.filter_stride = Int64(depth * taps)
    task.channels = Int64(channels)
    task.output_tile = Int64(shape.outputTile)
    task.kernel = Int64(shape.kernel)
    task.point_stride = Int64(depth * width)
    factors.withUnsafeBufferPointer { factors in
      matrix.withUnsafeBufferPointer { matrix in
        task.scale = factors.baseAddress
        task.matrix = matrix.baseAddress
        for input in 0..<depth {
          task.filters = weights + (first * depth + input) * taps
          task.output = panel + input * width
          kernels.weights(&task)
        }
      }
    }
  }

  /// Floats in a row of a panel.
  func panelWidth(_ panel: Int) -> Int { min(2, vectorCount - panel * 2) * lanes }

  /// The first point of a panel; the others follow, each `depth` rows.
  func panel(group: Int, _ panel: Int) -> UnsafeMutablePointer<Float> {
    filters.address + (group * vectorCount + panel * 2) * lanes * points * depth
  }

  private struct Source: @unchecked Sendable { let address: UnsafePointer<Float> }
}
