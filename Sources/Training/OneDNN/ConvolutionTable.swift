internal import COneDNN

/// Which kernels win, by the instructions that oneDNN finds; nothing is measured when a network runs.
enum ConvolutionTable {
  /// What was measured with this machine's instructions; empty where nothing was.
  static let rows: [ConvolutionRow] = {
    guard dnnl_version().pointee.major == 2 else { return [] }
    if cnn_has_isa(dnnl_cpu_isa_avx512_core_amx) != 0 { return amx }
    return cnn_has_isa(dnnl_cpu_isa_avx512_core) != 0 ? avx512 : []
  }()
}
