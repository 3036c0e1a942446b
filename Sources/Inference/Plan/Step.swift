/// What a plan's step is, for people and for `benchmark --layers`.
package struct StepInfo: Sendable, Hashable {
  /// The node that it computes, and those fused into it: `conv1+relu1`.
  package let name: String
  /// How: `implicit-gemm f32-gemm-8x48-avx512`.
  package let algorithm: String
  /// Whether its products are of int8 weights.
  package let isInt8: Bool
  /// Multiply–accumulates an image.
  package let macs: Int
  /// Bytes of weights that it reads.
  package let weightBytes: Int
  /// Bytes of activations that it reads and writes for an image.
  package let activationBytes: Int
}

/// One fused operation that writes one value.
protocol Step: Sendable {
  /// Floats of scratch that each worker needs.
  var scratchCount: Int { get }
  /// Floats of scratch that all workers share in runs of up to `images` images.
  func sharedCount(images: Int, threads: Int) -> Int
  /// How it computes.
  var algorithm: String { get }
  /// Whether its products are of int8 weights.
  var isInt8: Bool { get }
  /// Bytes of weights that it reads.
  var weightBytes: Int { get }
  /// Computes the output value of all images.
  func run(_ frame: Frame)
}

extension Step {
  var scratchCount: Int { 0 }
  var isInt8: Bool { false }
  var weightBytes: Int { 0 }
  func sharedCount(images: Int, threads: Int) -> Int { 0 }
}
