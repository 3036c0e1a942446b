/// Network in Network: M. Lin, Q. Chen, S. Yan, "Network In Network", ICLR 2014, arXiv:1312.4400,
/// §3, at the course notes' size: AlexNet's convolutions, each followed by two 1×1 convolutions
/// (the "mlpconv" layer), and the mean of one map a class in place of fully connected layers.
extension Variant {
  static let nin = Variant(
    "nin", year: 2013,
    introduced:
      "1×1 convolutions between the others, global average pooling instead of dense layers"
  ) {
    let builder = NetworkBuilder("nin", channels: 1, height: 224, width: 224)
    let scores = builder.input
      .mlpConvolution("block1", 96, kernel: 11, stride: 4).maxPool(3, stride: 2)
      .mlpConvolution("block2", 256, kernel: 5, padding: 2).maxPool(3, stride: 2)
      .mlpConvolution("block3", 384, kernel: 3, padding: 1).maxPool(3, stride: 2)
      .dropout()
      .mlpConvolution("block4", 10, kernel: 3, padding: 1)
      .adaptiveAveragePool()
      .flatten()
    return try builder.network(output: scores)
  }
}

extension NetworkBuilder.Value {
  /// A convolution and a two-layer perceptron at each of its positions, ReLU after all three.
  fileprivate func mlpConvolution(
    _ name: String, _ channels: Int, kernel: Extent, stride: Extent = 1, padding: Extent = 0
  ) -> Self {
    convolution("\(name).conv1", channels, kernel: kernel, stride: stride, padding: padding).relu()
      .convolution("\(name).conv2", channels, kernel: 1).relu()
      .convolution("\(name).conv3", channels, kernel: 1).relu()
  }
}
