import Checkpoints
import Foundation
import Inference
import Networks
import Testing

/// The suites here run over `ISA.available`, and so pass over what the processor lacks. This one says so,
/// with one test for each instruction set that is skipped without it.
@Suite("Instruction sets that the kernels' tests cover")
struct InstructionSetTests {
  private static func has(_ isa: ISA) -> Bool { ISA.available.contains(isa) }

  @Test("Portable C") func scalar() throws { try check(.scalar) }

  @Test("AVX2", .enabled(if: has(.avx2), "the processor has no AVX2: kernels not tested"))
  func avx2() throws { try check(.avx2) }

  @Test("AVX-512", .enabled(if: has(.avx512), "the processor has no AVX-512: kernels not tested"))
  func avx512() throws { try check(.avx512) }

  @Test(
    "AVX-512 VNNI",
    .enabled(if: has(.avx512vnni), "the processor has no AVX-512 VNNI: kernels not tested"))
  func vnni() throws { try check(.avx512vnni) }

  @Test("AMX", .enabled(if: has(.avx512amx), "the processor has no AMX: kernels not tested"))
  func amx() throws { try check(.avx512amx) }

  @Test(
    "Arm's vectors",
    .enabled(if: has(.neon), "the processor is no Arm: check-neon.sh compiles its kernels only"))
  func neon() throws { try check(.neon) }

  /// It has kernels, and both precisions use them.
  private func check(_ isa: ISA) throws {
    #expect(Kernel.all.contains { $0.isa == isa })
    let network = try Variant.named("lenet").network()
    let quantized = QuantizedNetwork(network, seed: 3)
    try quantized.expectSameBits(isa: isa)
    let plan = try Plan(
      network: network, weights: quantized.weights, quantization: quantized.quantization, isa: isa)
    #expect(plan.steps.contains { $0.algorithm.hasSuffix(isa.rawValue) })
    try expectAgreement(network, isa: isa)
  }

  #if os(Linux) && arch(x86_64)
    @Test("What the system lists of the processor is available: AVX2 wherever it is")
    func listed() throws {
      let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("flags") })
      let flags = Set(line.split(separator: " ").map(String.init))
      let wide: Set = ["bmi2", "avx512f", "avx512bw", "avx512dq", "avx512vl"]
      #expect(Self.has(.avx2) == flags.isSuperset(of: ["avx2", "fma"]))
      #expect(Self.has(.avx512) == (Self.has(.avx2) && flags.isSuperset(of: wide)))
      #expect(Self.has(.avx512vnni) == (Self.has(.avx512) && flags.contains("avx512_vnni")))
      #expect(!Self.has(.avx512amx) || flags.isSuperset(of: ["amx_tile", "amx_int8"]))
    }
  #endif
}
