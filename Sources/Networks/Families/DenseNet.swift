/// DenseNet: G. Huang, Z. Liu, L. van der Maaten, K. Q. Weinberger, "Densely Connected Convolutional
/// Networks", CVPR 2017, arXiv:1608.06993, table 1, growth rate 32. `densenet121` is torchvision's
/// (DenseNet-BC); `densenet` is the course notes' size, without the 1×1 bottlenecks.
extension Variant {
  static let denseNets = [
    Variant(
      "densenet", year: 2016,
      introduced: "each layer reads the concatenation of all before it (the course notes' size)"
    ) {
      try denseNet(
        "densenet", [4, 4, 4, 4], bottleneck: false, channels: 1, side: 96, classes: 10)
    },
    Variant(
      "densenet121", year: 2016,
      introduced: "each layer reads the concatenation of all before it, through 1×1 bottlenecks"
    ) {
      try denseNet(
        "densenet121", [6, 12, 24, 16], bottleneck: true, channels: 3, side: 224, classes: 1000)
    },
  ]

  private static func denseNet(
    _ name: String, _ blocks: [Int], bottleneck: Bool, channels: Int, side: Int, classes: Int
  ) throws -> Network {
    let growth = 32
    let builder = NetworkBuilder(name, channels: channels, height: side, width: side)
    var width = 64
    var value = builder.input
      .convolution("features.conv0", width, kernel: 7, stride: 2, padding: 3, bias: false)
      .batchNorm("features.norm0").relu()
      .maxPool(3, stride: 2, padding: 1)
    for (index, layers) in blocks.enumerated() {
      if index > 0 {
        width /= 2
        value = value.transition("features.transition\(index)", width)
      }
      for layer in 1...layers {
        value = value.denseLayer(
          "features.denseblock\(index + 1).denselayer\(layer)", growth: growth,
          bottleneck: bottleneck)
      }
      width += growth * layers
    }
    let scores = value.batchNorm("features.norm\(blocks.count + 1)").relu()
      .adaptiveAveragePool().flatten()
      .linear("classifier", classes)
    return try builder.network(output: scores)
  }
}

extension NetworkBuilder.Value {
  /// Appends `growth` channels that BN, ReLU and a 3×3 convolution make of all before them, with a
  /// 1×1 convolution to `4 × growth` channels first where there is a bottleneck (§3).
  fileprivate func denseLayer(_ name: String, growth: Int, bottleneck: Bool) -> Self {
    var value = batchNorm("\(name).norm1").relu()
    if bottleneck {
      value = value.convolution("\(name).conv1", 4 * growth, kernel: 1, bias: false)
        .batchNorm("\(name).norm2").relu()
    }
    let last = bottleneck ? "conv2" : "conv1"
    value = value.convolution("\(name).\(last)", growth, kernel: 3, padding: 1, bias: false)
    return concatenated(with: [value])
  }

  /// Between blocks: BN, ReLU, a 1×1 convolution that halves the channels, 2×2 average pooling.
  fileprivate func transition(_ name: String, _ channels: Int) -> Self {
    batchNorm("\(name).norm").relu()
      .convolution("\(name).conv", channels, kernel: 1, bias: false)
      .averagePool(2)
  }
}
