import CKernels
import Datasets
import Foundation
import Testing

#if arch(x86_64)
  let hasWideVectors = cnn_cpu_features() & UInt32(cnn_cpu_avx512) != 0
#else
  let hasWideVectors = true
#endif

/// Whether training looks its convolutions up in a table: on x86-64 with AVX-512. That of AMX alone, which
/// oneDNN can be told not to use, has F(6×6, 3×3) and the gradient over few channels.
#if arch(x86_64)
  let hasConvolutionTable = hasWideVectors
  let hasTableOfAMX =
    hasWideVectors && cnn_cpu_features() & UInt32(cnn_cpu_avx512amx) != 0
    && ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"].allSatisfy {
      ProcessInfo.processInfo.environment[$0] == nil
    }
#else
  let hasConvolutionTable = false
  let hasTableOfAMX = false
#endif

/// A kernel's paths that this processor has.
private func paths<Kernel>(_ scalar: Kernel, _ avx512: Kernel?) -> [(isa: String, kernel: Kernel)] {
  guard hasWideVectors, let avx512 else { return [("scalar", scalar)] }
  return [("scalar", scalar), ("avx512", avx512)]
}

#if arch(x86_64)
  private let hasAVX512Paths = hasWideVectors
  private let philoxPaths = paths(cnn_u32_philox_scalar, cnn_u32_philox_avx512)
  private let roundPaths = paths(cnn_bf16_round_scalar, cnn_bf16_round_avx512)
  private let dropFloatsPaths = paths(cnn_f32_dropout_scalar, cnn_f32_dropout_avx512)
  private let dropHalvesPaths = paths(cnn_bf16_dropout_scalar, cnn_bf16_dropout_avx512)
#else
  private let hasAVX512Paths = false
  private let philoxPaths = paths(cnn_u32_philox_scalar, nil)
  private let roundPaths = paths(cnn_bf16_round_scalar, nil)
  private let dropFloatsPaths = paths(cnn_f32_dropout_scalar, nil)
  private let dropHalvesPaths = paths(cnn_bf16_dropout_scalar, nil)
#endif

@Suite("Kernels over every weight or activation")
struct VectorKernelTests {
  @Test(
    "The paths for AVX-512 are among those that these tests compare",
    .enabled(if: hasAVX512Paths, "the processor has no AVX-512: only portable paths are tested"))
  func paths() {
    #expect(philoxPaths.count == 2 && roundPaths.count == 2)
    #expect(dropFloatsPaths.count == 2 && dropHalvesPaths.count == 2)
  }

  @Test(
    "Blocks of Philox are the generator's", arguments: [0, 16, 4_294_967_288, 1 << 40] as [UInt64])
  func philox(first: UInt64) {
    let (seed, stream): (UInt64, UInt64) = (0x1234_5678_9ABC_DEF0, 0xFEDC_BA98_7654_3210)
    var random = CounterRandom(seed: seed, stream: stream, position: first * 4)
    let expected = (0..<192).map { _ in random.nextWord() }
    for (isa, kernel) in philoxPaths {
      var words = [UInt32](repeating: 0, count: 193)
      kernel(first, 48, stream, seed, &words)
      #expect(Array(words.prefix(192)) == expected, "\(isa)")
      #expect(words[192] == 0, "\(isa) writes beyond its blocks")
    }
  }

  @Test("bfloat16 is the nearest, ties to even", arguments: [1, 15, 16, 61])
  func rounding(count: Int) {
    let special: [Float] = [
      0, -0, 1, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
      Float(bitPattern: 0x3F80_8000), Float(bitPattern: 0x3F81_8000),
      Float(bitPattern: 0x3F80_8001),
    ]
    var random = CounterRandom(seed: 1, stream: 2)
    let floats = (0..<count).map { index in
      index < special.count ? special[index] : Float(bitPattern: random.nextWord() & 0xFF7F_FFFF)
    }
    for (isa, kernel) in roundPaths {
      var halves = [UInt16](repeating: 7, count: count + 1)
      kernel(floats, Int64(count), &halves)
      for (value, half) in zip(floats, halves) {
        #expect(half == nearest(value), "\(value) on \(isa)")
      }
      #expect(halves[count] == 7, "\(isa) writes beyond its values")
      var quiet: UInt16 = 0
      kernel([Float(bitPattern: 0x7F80_0001)], 1, &quiet)
      #expect(Float(bitPattern: UInt32(quiet) << 16).isNaN, "\(isa)")
    }
  }

  @Test("Dropout keeps what words say, scaled", arguments: [1, 16, 37])
  func dropout(count: Int) {
    var random = CounterRandom(seed: 5, stream: 6)
    let words = (0..<count).map { $0 == 0 ? 1 << 31 : random.nextWord() }
    let inputs = (0..<count).map { _ in Float(random.nextInt(below: 33)) / 8 - 2 }
    // Both types have these products.
    let expected = zip(words, inputs).map { $0 >= 1 << 31 ? $1 * 1.5 : 0 }
    for (isa, kernel) in dropFloatsPaths {
      #expect(drop(words, inputs, kernel) == expected + [7], "\(isa)")
    }
    let halves = inputs.map { UInt16($0.bitPattern >> 16) }
    for (isa, kernel) in dropHalvesPaths {
      let found = drop(words, halves, kernel)
      #expect(
        found.dropLast().map { Float(bitPattern: UInt32($0) << 16) } == expected, "\(isa)")
      #expect(found.last == 7, "\(isa) writes beyond its values")
    }
  }

  @Test("Dropout of bfloat16 rounds to the nearest")
  func roundedDropout() {
    // 1.5 × (1 + 2⁻⁷) is in the middle of two neighbours.
    let half = UInt16(Float(1.0078125 as Double).bitPattern >> 16)
    for (isa, kernel) in dropHalvesPaths {
      let found = drop([.max], [half], kernel)[0]
      #expect(found == nearest(1.5 * 1.0078125), "\(isa)")
    }
  }

  /// What a kernel keeps, and a sentinel behind it.
  private func drop<Element: ExpressibleByIntegerLiteral>(
    _ words: [UInt32], _ inputs: [Element], _ kernel: (UnsafePointer<cnn_dropout>?) -> Void
  ) -> [Element] {
    var outputs = [Element](repeating: 7, count: inputs.count + 1)
    words.withUnsafeBufferPointer { words in
      inputs.withUnsafeBytes { inputs in
        outputs.withUnsafeMutableBytes { outputs in
          var task = cnn_dropout()
          task.words = words.baseAddress
          task.threshold = 1 << 31
          task.scale = 1.5
          task.count = Int64(words.count)
          task.input = inputs.baseAddress
          task.output = outputs.baseAddress
          kernel(&task)
        }
      }
    }
    return outputs
  }

  /// Of the two neighbours the nearer one, in double precision, which has all differences.
  private func nearest(_ value: Float) -> UInt16 {
    let low = UInt16(truncatingIfNeeded: value.bitPattern >> 16)
    guard value.isFinite, value.bitPattern & 0xFFFF != 0 else { return low }
    func double(_ bits: UInt16) -> Double {
      // What follows the largest finite number, were the exponents to go on.
      bits & 0x7FFF == 0x7F80
        ? (value < 0 ? -0x1p128 : 0x1p128) : Double(Float(bitPattern: UInt32(bits) << 16))
    }
    let (below, above) = (
      abs(Double(value) - double(low)), abs(Double(value) - double(low &+ 1))
    )
    return below < above || below == above && low & 1 == 0 ? low : low &+ 1
  }
}
