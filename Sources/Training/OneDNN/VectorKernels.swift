internal import CKernels

/// The kernels of this processor for what training does element by element.
enum VectorKernels {
  typealias Philox =
    @Sendable @convention(c) (
      _ first: UInt64, _ count: Int64, _ stream: UInt64, _ seed: UInt64,
      _ words: UnsafeMutablePointer<UInt32>?
    ) -> Void
  typealias Round =
    @Sendable @convention(c) (
      _ floats: UnsafePointer<Float>?, _ count: Int64, _ halves: UnsafeMutablePointer<UInt16>?
    ) -> Void

  typealias Drop = @Sendable @convention(c) (UnsafePointer<cnn_dropout>?) -> Void

  /// Whether this processor runs the kernels that are compiled for one instruction set only: on x86-64
  /// AVX-512, elsewhere what every processor has.
  #if arch(x86_64)
    static let runsWideKernels = hasAVX512
  #else
    static let runsWideKernels = true
  #endif

  /// Whole groups of 16 blocks of Philox4x32-10.
  static let philox: Philox = hasAVX512 ? avx512Philox : cnn_u32_philox_scalar

  /// Floats to bfloat16.
  static let round: Round = hasAVX512 ? avx512Round : cnn_bf16_round_scalar

  /// Dropout of floats, and of bfloat16.
  static let dropFloats: Drop = hasAVX512 ? avx512DropFloats : cnn_f32_dropout_scalar
  static let dropHalves: Drop = hasAVX512 ? avx512DropHalves : cnn_bf16_dropout_scalar

  private static let hasAVX512 = cnn_cpu_features() & UInt32(cnn_cpu_avx512) != 0

  #if arch(x86_64)
    private static let avx512Philox: Philox = cnn_u32_philox_avx512
    private static let avx512Round: Round = cnn_bf16_round_avx512
    private static let avx512DropFloats: Drop = cnn_f32_dropout_avx512
    private static let avx512DropHalves: Drop = cnn_bf16_dropout_avx512
  #else
    private static let avx512Philox: Philox = cnn_u32_philox_scalar
    private static let avx512Round: Round = cnn_bf16_round_scalar
    private static let avx512DropFloats: Drop = cnn_f32_dropout_scalar
    private static let avx512DropHalves: Drop = cnn_bf16_dropout_scalar
  #endif
}
