import Networks

/// Winograd's minimal filtering F(m × m, r × r): a tile of m × m output pixels from a window of α × α
/// input pixels, α = m + r − 1, with α² products for each pair of channels instead of m² r² (Lavin &
/// Gray 2016). F(1 × 1, 1 × 1) is a plain product.
struct WinogradShape: Sendable, Hashable {
  /// m.
  let outputTile: Int
  /// r.
  let kernel: Int

  /// α.
  var window: Int { outputTile + kernel - 1 }
  /// Products for each tile and pair of channels.
  var points: Int { window * window }

  /// The shapes that kernels exist for.
  static let all = [
    WinogradShape(outputTile: 1, kernel: 1),
    WinogradShape(outputTile: 2, kernel: 3), WinogradShape(outputTile: 4, kernel: 3),
    WinogradShape(outputTile: 6, kernel: 3), WinogradShape(outputTile: 2, kernel: 5),
    WinogradShape(outputTile: 4, kernel: 5),
  ]

  /// Whether a convolution has this kernel, without dilation, and without stride but for 1×1.
  func applies(to geometry: ConvolutionGeometry) -> Bool {
    let attributes = geometry.attributes, stride = attributes.stride, padding = attributes.padding
    guard attributes.kernelSize == Extent(kernel) else { return false }
    if kernel == 1 { return stride.height == stride.width && padding == Extent(0) }
    return stride == Extent(1) && attributes.dilation == Extent(1)
  }

  /// G, `[α][r]`, which takes a filter's row to the points 0, ±1, ±2, ±½ (as many as α needs) and ∞:
  /// `G[j][k] = p_jᵏ / ∏_{l ≠ j} (p_j − p_l)`, ∞ taking the last element. It belongs to the kernels'
  /// transform of the input, whose rows are those products' coefficients.
  var filterMatrix: [Double] {
    if window == 1 { return [1] }
    let points = Array([0, 1, -1, 2, -2, 0.5, -0.5].prefix(window - 1))
    var matrix: [Double] = []
    for (index, point) in points.enumerated() {
      let divisor = points.indices.filter { $0 != index }.map { point - points[$0] }.reduce(1, *)
      var power = 1 / divisor
      for _ in 0..<kernel {
        matrix.append(power)
        power *= point
      }
    }
    return matrix + (0..<kernel).map { $0 == kernel - 1 ? 1 : 0 }
  }
}
