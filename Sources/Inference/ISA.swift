import CKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The instruction sets that kernels are written for.
///
/// ```swift
/// for isa in ISA.available {
///   let plan = try Plan(network: checkpoint.network, weights: checkpoint.weights, isa: isa)
///   print(isa.rawValue, try ExecutionContext(plan: plan).run(pixels))
/// }
/// ```
///
/// Without a choice it is the one that the environment variable `CNN_ISA` names, or the best available.
public enum ISA: String, Sendable, CaseIterable, Codable {
  /// Portable C.
  case scalar
  /// AVX2 and FMA.
  case avx2
  /// AVX-512 F, BW, DQ and VL.
  case avx512
  /// AVX-512 with VNNI; fp32 kernels are those of `avx512`.
  case avx512vnni
  /// AVX-512 with VNNI and AMX's tiles of bytes; fp32 kernels are those of `avx512`.
  case avx512amx
  /// Arm's 128-bit vectors.
  case neon

  /// What this CPU has and its system lets programs use, the slowest first.
  ///
  /// Linux lets a process use AMX that has asked for it. This asks, once: from then on signal stacks of
  /// the process must have room for the tiles (`getauxval(AT_MINSIGSTKSZ)`).
  public static let available: [ISA] = {
    let features = cnn_cpu_features()
    return allCases.filter { isa in
      switch isa {
      case .scalar: true
      case .avx2: features & UInt32(cnn_cpu_avx2) != 0
      case .avx512: features & UInt32(cnn_cpu_avx512) != 0
      case .avx512vnni: features & UInt32(cnn_cpu_avx512vnni) != 0
      case .avx512amx: features & UInt32(cnn_cpu_avx512amx) != 0
      case .neon: features & UInt32(cnn_cpu_neon) != 0
      }
    }
  }()

  /// The instruction set that the environment variable `CNN_ISA` names, or the best one available.
  ///
  /// - Returns: An available instruction set.
  /// - Throws: `InferenceError` where `CNN_ISA` names none, or one that this CPU lacks.
  package static func selected() throws -> ISA {
    try named(getenv("CNN_ISA").map { String(cString: $0) })
  }

  /// The instruction set of a name.
  ///
  /// - Parameter name: A raw value; nil or empty for the best one available.
  /// - Returns: An available instruction set.
  /// - Throws: `InferenceError` where the name is none, or of one that this CPU lacks.
  package static func named(_ name: String?) throws -> ISA {
    guard let name, !name.isEmpty else { return available.last ?? .scalar }
    guard let isa = ISA(rawValue: name) else { throw InferenceError.unknownISA(name) }
    try isa.requireAvailable()
    return isa
  }

  func requireAvailable() throws {
    guard Self.available.contains(self) else {
      throw InferenceError.unavailableISA(self, available: Self.available)
    }
  }

  /// The sets whose kernels run wherever this one's do, the best first.
  package var fallbacks: [ISA] {
    switch self {
    case .scalar: [.scalar]
    case .avx2: [.avx2, .scalar]
    case .avx512: [.avx512, .avx2, .scalar]
    case .avx512vnni: [.avx512vnni, .avx512, .avx2, .scalar]
    case .avx512amx: [.avx512amx, .avx512vnni, .avx512, .avx2, .scalar]
    case .neon: [.neon, .scalar]
    }
  }
}
