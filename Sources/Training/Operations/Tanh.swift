internal import COneDNN

extension ActivationLayer.Function {
  /// Hyperbolic tangent `t`, whose derivative is `1 − t²`.
  static let tanh = Self(
    algorithm: dnnl_eltwise_tanh, fromResult: dnnl_eltwise_tanh_use_dst_for_bwd)
}
