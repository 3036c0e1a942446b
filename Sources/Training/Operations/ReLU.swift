internal import COneDNN

extension ActivationLayer.Function {
  /// `max(x, 0)`, whose result is positive where x is.
  static let relu = Self(
    algorithm: dnnl_eltwise_relu, fromResult: dnnl_eltwise_relu_use_dst_for_bwd)
}
