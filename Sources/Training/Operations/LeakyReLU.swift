internal import COneDNN
internal import Networks

extension ActivationLayer.Function {
  /// `x` where `x > 0`, else `negativeSlope · x`; the result has the sign of `x`.
  static func leakyReLU(_ attributes: NodeOperation.LeakyReLU) -> Self {
    Self(
      algorithm: dnnl_eltwise_relu, fromResult: dnnl_eltwise_relu_use_dst_for_bwd,
      alpha: Float(attributes.negativeSlope))
  }
}
