package import CKernels
import Tensors

/// A micro-kernel: its name is its C file's.
package struct Kernel: Sendable {
  package typealias GEMM = @Sendable @convention(c) (UnsafePointer<cnn_f32_gemm>?) -> Void
  package typealias Im2col = @Sendable @convention(c) (UnsafePointer<cnn_f32_im2col>?) -> Void
  package typealias Dot = @Sendable @convention(c) (UnsafePointer<cnn_f32_dot>?) -> Void
  package typealias Map = @Sendable @convention(c) (UnsafePointer<cnn_f32_map>?) -> Void
  package typealias Pool = @Sendable @convention(c) (UnsafePointer<cnn_f32_pool>?) -> Void
  package typealias LRN = @Sendable @convention(c) (UnsafePointer<cnn_f32_lrn>?) -> Void

  /// The transforms and the product of Winograd's minimal filtering, which share a layout.
  package struct Winograd: Sendable {
    package typealias Input =
      @Sendable @convention(c) (UnsafePointer<cnn_f32_winograd_input>?) -> Void
    package typealias GEMM =
      @Sendable @convention(c) (UnsafePointer<cnn_f32_winograd_gemm>?) -> Void
    package typealias Output =
      @Sendable @convention(c) (UnsafePointer<cnn_f32_winograd_output>?) -> Void
    package typealias Weights =
      @Sendable @convention(c) (UnsafePointer<cnn_f32_winograd_weights>?) -> Void

    package let input: Input
    package let gemm: GEMM
    package let output: Output
    package let weights: Weights
    /// Tiles of a product, and channels of a vector.
    package let rows, lanes: Int
  }

  /// What a kernel computes, its tile, and its code.
  package enum Function: Sendable {
    /// Sums of a tile of `rows` × `columns`, in vectors of `lanes` columns.
    case gemm(GEMM, rows: Int, columns: Int, lanes: Int)
    /// A convolution's rows of B.
    case im2col(Im2col)
    /// Winograd's minimal filtering.
    case winograd(Winograd)
    /// Inner products, `rows` × `images` of them at a time.
    case dot(Dot, rows: Int, images: Int)
    /// `min(max(x, lower), upper)`.
    case clamp(Map)
    /// `x` where `x > 0`, else `scale · x`.
    case leakyReLU(Map)
    /// `1 / (1 + e⁻ˣ)`.
    case sigmoid(Map)
    /// Hyperbolic tangent.
    case tanh(Map)
    /// `scale · x + shift`.
    case scale(Map)
    /// `x + y`.
    case add(Map)
    /// Maximum pooling of a plane.
    case maxPool(Pool)
    /// Average pooling of a plane.
    case averagePool(Pool)
    /// Local response normalisation.
    case lrn(LRN)
    /// Convolution of uint8 activations by int8 weights.
    case convolution8(Convolution8)
    /// Inner products of int8 rows with uint8 vectors, `rows` × `images` of them at a time.
    case dot8(Dot8, rows: Int, images: Int)
    /// Products of int8 rows with many uint8 vectors.
    case product8(Product8)
    /// Everything else over uint8 activations.
    case maps8(Maps8)
  }

  /// The C file's name without its extension; several small functions share `f32-maps-…`.
  package let name: String
  /// The instruction set that it needs.
  package let isa: ISA
  /// What it computes.
  package let function: Function

  init(_ name: String, _ isa: ISA, _ function: Function) {
    self.name = name
    self.isa = isa
    self.function = function
  }

  /// Every kernel of this architecture: the one list that dispatch, tests and benchmarks share.
  package static let all: [Kernel] =
    portable + portableQuantized + native + nativeQuantized

  private static let portable: [Kernel] = [
    Kernel(
      "f32-gemm-4x8-scalar", .scalar,
      .gemm(cnn_f32_gemm_4x8_scalar, rows: 4, columns: 8, lanes: 8)),
    Kernel("f32-im2col-scalar", .scalar, .im2col(cnn_f32_im2col_scalar)),
    Kernel("f32-dot-1x1-scalar", .scalar, .dot(cnn_f32_dot_1x1_scalar, rows: 1, images: 1)),
    Kernel("f32-maps-scalar", .scalar, .clamp(cnn_f32_maps_clamp_scalar)),
    Kernel("f32-maps-scalar", .scalar, .leakyReLU(cnn_f32_maps_leaky_relu_scalar)),
    Kernel("f32-maps-scalar", .scalar, .sigmoid(cnn_f32_maps_sigmoid_scalar)),
    Kernel("f32-maps-scalar", .scalar, .tanh(cnn_f32_maps_tanh_scalar)),
    Kernel("f32-maps-scalar", .scalar, .scale(cnn_f32_maps_scale_scalar)),
    Kernel("f32-maps-scalar", .scalar, .add(cnn_f32_maps_add_scalar)),
    Kernel("f32-maps-scalar", .scalar, .maxPool(cnn_f32_maps_maxpool_scalar)),
    Kernel("f32-maps-scalar", .scalar, .averagePool(cnn_f32_maps_avgpool_scalar)),
    Kernel("f32-maps-scalar", .scalar, .lrn(cnn_f32_maps_lrn_scalar)),
  ]

  #if arch(x86_64)
    private static let native: [Kernel] = [
      Kernel(
        "f32-gemm-6x16-avx2", .avx2, .gemm(cnn_f32_gemm_6x16_avx2, rows: 6, columns: 16, lanes: 8)),
      Kernel("f32-im2col-avx2", .avx2, .im2col(cnn_f32_im2col_avx2)),
      Kernel(
        "f32-winograd-6x16-avx2", .avx2,
        .winograd(
          Winograd(
            input: cnn_f32_winograd_input_6x16_avx2, gemm: cnn_f32_winograd_gemm_6x16_avx2,
            output: cnn_f32_winograd_output_6x16_avx2, weights: cnn_f32_winograd_weights_6x16_avx2,
            rows: 6, lanes: 8))),
      Kernel("f32-dot-4x2-avx2", .avx2, .dot(cnn_f32_dot_4x2_avx2, rows: 4, images: 2)),
      Kernel("f32-maps-avx2", .avx2, .clamp(cnn_f32_maps_clamp_avx2)),
      Kernel("f32-maps-avx2", .avx2, .leakyReLU(cnn_f32_maps_leaky_relu_avx2)),
      Kernel("f32-maps-avx2", .avx2, .sigmoid(cnn_f32_maps_sigmoid_avx2)),
      Kernel("f32-maps-avx2", .avx2, .tanh(cnn_f32_maps_tanh_avx2)),
      Kernel("f32-maps-avx2", .avx2, .scale(cnn_f32_maps_scale_avx2)),
      Kernel("f32-maps-avx2", .avx2, .add(cnn_f32_maps_add_avx2)),
      Kernel("f32-maps-avx2", .avx2, .maxPool(cnn_f32_maps_maxpool_avx2)),
      Kernel("f32-maps-avx2", .avx2, .averagePool(cnn_f32_maps_avgpool_avx2)),
      Kernel("f32-maps-avx2", .avx2, .lrn(cnn_f32_maps_lrn_avx2)),
      Kernel(
        "f32-gemm-8x48-avx512", .avx512,
        .gemm(cnn_f32_gemm_8x48_avx512, rows: 8, columns: 48, lanes: 16)),
      Kernel("f32-im2col-avx512", .avx512, .im2col(cnn_f32_im2col_avx512)),
      Kernel(
        "f32-winograd-14x32-avx512", .avx512,
        .winograd(
          Winograd(
            input: cnn_f32_winograd_input_14x32_avx512, gemm: cnn_f32_winograd_gemm_14x32_avx512,
            output: cnn_f32_winograd_output_14x32_avx512,
            weights: cnn_f32_winograd_weights_14x32_avx512,
            rows: 14, lanes: 16))),
      Kernel("f32-dot-4x6-avx512", .avx512, .dot(cnn_f32_dot_4x6_avx512, rows: 4, images: 6)),
      Kernel("f32-maps-avx512", .avx512, .clamp(cnn_f32_maps_clamp_avx512)),
      Kernel("f32-maps-avx512", .avx512, .leakyReLU(cnn_f32_maps_leaky_relu_avx512)),
      Kernel("f32-maps-avx512", .avx512, .sigmoid(cnn_f32_maps_sigmoid_avx512)),
      Kernel("f32-maps-avx512", .avx512, .tanh(cnn_f32_maps_tanh_avx512)),
      Kernel("f32-maps-avx512", .avx512, .scale(cnn_f32_maps_scale_avx512)),
      Kernel("f32-maps-avx512", .avx512, .add(cnn_f32_maps_add_avx512)),
      Kernel("f32-maxpool-16-avx512", .avx512, .maxPool(cnn_f32_maxpool_16_avx512)),
      Kernel("f32-maps-avx512", .avx512, .maxPool(cnn_f32_maps_maxpool_avx512)),
      Kernel("f32-maps-avx512", .avx512, .averagePool(cnn_f32_maps_avgpool_avx512)),
      Kernel("f32-maps-avx512", .avx512, .lrn(cnn_f32_maps_lrn_avx512)),
    ]
  #elseif arch(arm64)
    private static let native: [Kernel] = [
      Kernel(
        "f32-gemm-8x12-neon", .neon, .gemm(cnn_f32_gemm_8x12_neon, rows: 8, columns: 12, lanes: 4)),
      Kernel(
        "f32-winograd-12x8-neon", .neon,
        .winograd(
          Winograd(
            input: cnn_f32_winograd_input_12x8_neon, gemm: cnn_f32_winograd_gemm_12x8_neon,
            output: cnn_f32_winograd_output_12x8_neon, weights: cnn_f32_winograd_weights_12x8_neon,
            rows: 12, lanes: 4))),
      Kernel("f32-dot-4x4-neon", .neon, .dot(cnn_f32_dot_4x4_neon, rows: 4, images: 4)),
      Kernel("f32-maps-neon", .neon, .clamp(cnn_f32_maps_clamp_neon)),
      Kernel("f32-maps-neon", .neon, .leakyReLU(cnn_f32_maps_leaky_relu_neon)),
      Kernel("f32-maps-neon", .neon, .sigmoid(cnn_f32_maps_sigmoid_neon)),
      Kernel("f32-maps-neon", .neon, .tanh(cnn_f32_maps_tanh_neon)),
      Kernel("f32-maps-neon", .neon, .scale(cnn_f32_maps_scale_neon)),
      Kernel("f32-maps-neon", .neon, .add(cnn_f32_maps_add_neon)),
      Kernel("f32-maps-neon", .neon, .maxPool(cnn_f32_maps_maxpool_neon)),
      Kernel("f32-maps-neon", .neon, .averagePool(cnn_f32_maps_avgpool_neon)),
      Kernel("f32-maps-neon", .neon, .lrn(cnn_f32_maps_lrn_neon)),
    ]
  #else
    private static let native: [Kernel] = []
  #endif
}
