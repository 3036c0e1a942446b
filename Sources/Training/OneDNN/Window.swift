internal import COneDNN
internal import Networks

extension cnn_window {
  init(_ attributes: NodeOperation.Convolution) {
    self.init()
    let dilation = Extent(
      height: attributes.dilation.height - 1, width: attributes.dilation.width - 1)
    setPairs(
      kernel: attributes.kernelSize, stride: attributes.stride, dilation: dilation,
      before: attributes.padding, after: attributes.padding)
  }

  /// oneDNN wants padding for a last window that hangs over the edge (ceil mode).
  init(_ window: NodeOperation.Pooling, input: TensorShape, output: TensorShape) {
    self.init()
    func after(_ size: Int, _ count: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Int {
      max(padding, (count - 1) * stride + kernel - size - padding)
    }
    let padding = Extent(
      height: after(
        input.height, output.height, window.kernelSize.height, window.stride.height,
        window.padding.height),
      width: after(
        input.width, output.width, window.kernelSize.width, window.stride.width,
        window.padding.width))
    setPairs(
      kernel: window.kernelSize, stride: window.stride, dilation: 0, before: window.padding,
      after: window.ceilMode ? padding : window.padding)
  }

  private mutating func setPairs(
    kernel: Extent, stride: Extent, dilation: Extent, before: Extent, after: Extent
  ) {
    self.kernel.0 = dnnl_dim_t(kernel.height)
    self.kernel.1 = dnnl_dim_t(kernel.width)
    strides.0 = dnnl_dim_t(stride.height)
    strides.1 = dnnl_dim_t(stride.width)
    dilates.0 = dnnl_dim_t(dilation.height)
    dilates.1 = dnnl_dim_t(dilation.width)
    padding_l.0 = dnnl_dim_t(before.height)
    padding_l.1 = dnnl_dim_t(before.width)
    padding_r.0 = dnnl_dim_t(after.height)
    padding_r.1 = dnnl_dim_t(after.width)
  }
}
