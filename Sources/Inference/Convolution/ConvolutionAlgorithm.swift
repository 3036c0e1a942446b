import Networks

/// How a convolution is computed.
package enum ConvolutionAlgorithm: Sendable, Hashable {
  /// A matrix product whose rows of B are made as they are needed.
  case implicitGEMM
  /// Winograd's minimal filtering with tiles of this many pixels squared; 1 is a product of pixels by
  /// channels, for kernels of 1×1.
  case winograd(outputTile: Int)

  /// Those that some convolution can be computed by.
  package static let all: [ConvolutionAlgorithm] = [
    .implicitGEMM, .winograd(outputTile: 1), .winograd(outputTile: 2), .winograd(outputTile: 4),
    .winograd(outputTile: 6),
  ]
}

extension ConvolutionAlgorithm {
  /// The transform that it takes for a convolution; nil where that cannot be.
  func winogradShape(_ geometry: ConvolutionGeometry) -> WinogradShape? {
    guard case .winograd(let outputTile) = self else { return nil }
    return WinogradShape.all.first { $0.outputTile == outputTile && $0.applies(to: geometry) }
  }
}
