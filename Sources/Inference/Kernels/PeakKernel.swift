import CKernels

/// What measures a core's limits with an instruction set: no plan runs it.
package struct PeakKernel: Sendable {
  package typealias Arithmetic = @Sendable @convention(c) (Int64) -> Float
  package typealias Reading = @Sendable @convention(c) (UnsafePointer<Float>?, Int64) -> Float

  /// The instruction set that it needs.
  package let isa: ISA
  /// Runs rounds of independent multiply–adds.
  package let arithmetic: Arithmetic
  /// Multiply–adds of a round.
  package let width: Int
  /// Reads floats, in multiples of `readingUnit`.
  package let reading: Reading

  /// A multiple of the floats that every `reading` takes at a time.
  package static let readingUnit = 128

  /// Every one of this architecture.
  package static let all: [PeakKernel] = portable + native

  /// The best one for an instruction set.
  package static func best(for isa: ISA) -> PeakKernel {
    for usable in isa.fallbacks {
      if let kernel = all.first(where: { $0.isa == usable }) { return kernel }
    }
    preconditionFailure("no scalar kernel")
  }

  private static let portable = [
    PeakKernel(
      isa: .scalar, arithmetic: cnn_f32_peak_64x1_scalar, width: Int(cnn_f32_peak_scalar_width),
      reading: cnn_f32_peak_read_64x1_scalar)
  ]

  #if arch(x86_64)
    private static let native = [
      PeakKernel(
        isa: .avx2, arithmetic: cnn_f32_peak_12x8_avx2, width: Int(cnn_f32_peak_avx2_width),
        reading: cnn_f32_peak_read_12x8_avx2),
      PeakKernel(
        isa: .avx512, arithmetic: cnn_f32_peak_12x16_avx512, width: Int(cnn_f32_peak_avx512_width),
        reading: cnn_f32_peak_read_12x16_avx512),
    ]
  #elseif arch(arm64)
    private static let native = [
      PeakKernel(
        isa: .neon, arithmetic: cnn_f32_peak_24x4_neon, width: Int(cnn_f32_peak_neon_width),
        reading: cnn_f32_peak_read_24x4_neon)
    ]
  #else
    private static let native: [PeakKernel] = []
  #endif
}

/// The same of int8 products.
package struct Int8PeakKernel: Sendable {
  package typealias Arithmetic = @Sendable @convention(c) (Int64) -> Int32

  /// The instruction set that it needs.
  package let isa: ISA
  /// Runs rounds of independent products of 1 by 1, and returns their sum.
  package let arithmetic: Arithmetic
  /// Products of a round.
  package let width: Int

  /// Every one of this architecture.
  package static let all: [Int8PeakKernel] = portable + native

  /// The best one for an instruction set.
  package static func best(for isa: ISA) -> Int8PeakKernel {
    for usable in isa.fallbacks {
      if let kernel = all.first(where: { $0.isa == usable }) { return kernel }
    }
    preconditionFailure("no scalar kernel")
  }

  private static let portable = [
    Int8PeakKernel(
      isa: .scalar, arithmetic: cnn_u8_conv_peak_4x8_scalar, width: Int(cnn_u8_peak_scalar_width))
  ]

  #if arch(x86_64)
    private static let native = [
      Int8PeakKernel(
        isa: .avx2, arithmetic: cnn_u8_conv_peak_6x16_avx2, width: Int(cnn_u8_peak_avx2_width)),
      Int8PeakKernel(
        isa: .avx512, arithmetic: cnn_u8_conv_peak_12x32_avx512,
        width: Int(cnn_u8_peak_avx512_width)),
      Int8PeakKernel(
        isa: .avx512vnni, arithmetic: cnn_u8_conv_peak_14x32_avx512vnni,
        width: Int(cnn_u8_peak_avx512vnni_width)),
      Int8PeakKernel(
        isa: .avx512amx, arithmetic: cnn_u8_conv_peak_32x32_avx512amx,
        width: Int(cnn_u8_peak_avx512amx_width)),
    ]
  #elseif arch(arm64)
    private static let native =
      cnn_cpu_features() & UInt32(cnn_cpu_neondot) == 0
      ? []
      : [
        Int8PeakKernel(
          isa: .neon, arithmetic: cnn_u8_conv_peak_6x16_neon, width: Int(cnn_u8_peak_neon_width))
      ]
  #else
    private static let native: [Int8PeakKernel] = []
  #endif
}
