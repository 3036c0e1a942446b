internal import COneDNN

extension ActivationLayer.Function {
  /// `s = 1 / (1 + e⁻ˣ)`, whose derivative is `s (1 − s)`.
  static let sigmoid = Self(
    algorithm: dnnl_eltwise_logistic, fromResult: dnnl_eltwise_logistic_use_dst_for_bwd)
}
