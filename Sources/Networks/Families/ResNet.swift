/// ResNet: K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition", CVPR
/// 2016, arXiv:1512.03385, table 1, as torchvision builds it: projection shortcuts where the shape
/// changes (option B), and a bottleneck's stride in its 3×3 convolution rather than its first 1×1.
extension Variant {
  static let resNets = [
    Variant(
      "resnet18", year: 2015,
      introduced: "identity shortcuts: each block learns what to add to its input (small input)"
    ) { try resNet("resnet18", .basic, [2, 2, 2, 2], channels: 1, side: 96, classes: 10) },
    Variant(
      "resnet18-imagenet", year: 2015,
      introduced: "identity shortcuts: each block learns what to add to its input"
    ) { try resNet("resnet18-imagenet", .basic, [2, 2, 2, 2]) },
    Variant(
      "resnet34-imagenet", year: 2015,
      introduced: "identity shortcuts: each block learns what to add to its input"
    ) { try resNet("resnet34-imagenet", .basic, [3, 4, 6, 3]) },
    Variant(
      "resnet50-imagenet", year: 2015,
      introduced: "identity shortcuts around bottlenecks of 1×1, 3×3, 1×1"
    ) { try resNet("resnet50-imagenet", .bottleneck, [3, 4, 6, 3]) },
  ]

  private static func resNet(
    _ name: String, _ block: ResidualBlock, _ blocks: [Int], channels: Int = 3, side: Int = 224,
    classes: Int = 1000
  ) throws -> Network {
    let builder = NetworkBuilder(name, channels: channels, height: side, width: side)
    var value = builder.input
      .convolution("conv1", 64, kernel: 7, stride: 2, padding: 3, bias: false)
      .batchNorm("bn1").relu()
      .maxPool(3, stride: 2, padding: 1)
    for (stage, count) in blocks.enumerated() {
      for index in 0..<count {
        let first = index == 0
        value = value.residual(
          "layer\(stage + 1).\(index)", block, width: 64 << stage,
          stride: first && stage > 0 ? 2 : 1, projects: first && (stage > 0 || block.expansion > 1))
      }
    }
    return try builder.network(output: value.adaptiveAveragePool().flatten().linear("fc", classes))
  }
}

/// Figure 5: two 3×3 convolutions, or 1×1, 3×3 and a 1×1 that is four times as wide.
private enum ResidualBlock {
  case basic, bottleneck

  /// The output's channels over the block's width.
  var expansion: Int {
    switch self {
    case .basic: 1
    case .bottleneck: 4
    }
  }
}

extension NetworkBuilder.Value {
  fileprivate func residual(
    _ name: String, _ block: ResidualBlock, width: Int, stride: Extent, projects: Bool
  ) -> Self {
    func step(_ value: Self, _ index: Int, _ channels: Int, kernel: Extent, stride: Extent) -> Self
    {
      value.convolution(
        "\(name).conv\(index)", channels, kernel: kernel, stride: stride,
        padding: kernel == 3 ? 1 : 0, bias: false
      ).batchNorm("\(name).bn\(index)")
    }
    var residual = self
    switch block {
    case .basic:
      residual = step(residual, 1, width, kernel: 3, stride: stride).relu()
      residual = step(residual, 2, width, kernel: 3, stride: 1)
    case .bottleneck:
      residual = step(residual, 1, width, kernel: 1, stride: 1).relu()
      residual = step(residual, 2, width, kernel: 3, stride: stride).relu()
      residual = step(residual, 3, width * block.expansion, kernel: 1, stride: 1)
    }
    guard projects else { return residual.adding(self).relu() }
    let shortcut = convolution(
      "\(name).downsample.0", width * block.expansion, kernel: 1, stride: stride, bias: false
    ).batchNorm("\(name).downsample.1")
    return residual.adding(shortcut).relu()
  }
}
