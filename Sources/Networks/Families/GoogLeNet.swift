/// GoogLeNet: C. Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, arXiv:1409.4842,
/// table 1. `googlenet` is the paper's without local response normalisation and auxiliary heads;
/// `googlenet-imagenet` is torchvision's: batch-normalised, pools that round up, and a 3×3 kernel in
/// the third branch where the paper has 5×5. (Weights that torchvision trained want inputs of mean 0.5
/// and deviation 0.5 a channel, its `transform_input`: that is preprocessing.)
extension Variant {
  static let googLeNets = [
    Variant(
      "googlenet", year: 2014,
      introduced: "Inception: four branches of different kernels, joined along the channels"
    ) { try googLeNet("googlenet", channels: 1, side: 96, classes: 10, style: .paper) },
    Variant(
      "googlenet-imagenet", year: 2014,
      introduced: "Inception: four branches of different kernels (batch-normalised, torchvision's)"
    ) {
      try googLeNet(
        "googlenet-imagenet", channels: 3, side: 224, classes: 1000, style: .torchvision)
    },
  ]

  private static func googLeNet(
    _ name: String, channels: Int, side: Int, classes: Int, style: GoogLeNetStyle
  ) throws -> Network {
    let builder = NetworkBuilder(name, channels: channels, height: side, width: side)
    var value = builder.input
      .unit("conv1", 64, kernel: 7, stride: 2, padding: 3, style).reducingPool(style)
      .unit("conv2", 64, kernel: 1, style)
      .unit("conv3", 192, kernel: 3, padding: 1, style).reducingPool(style)
    for module in Inception.stage3 { value = value.inception(module, style) }
    value = value.reducingPool(style)
    for module in Inception.stage4 { value = value.inception(module, style) }
    value = value.lastReducingPool(style)
    for module in Inception.stage5 { value = value.inception(module, style) }
    value = value.adaptiveAveragePool().flatten()
    if style == .torchvision { value = value.dropout(0.2) }
    return try builder.network(output: value.linear("fc", classes))
  }
}

private enum GoogLeNetStyle {
  case paper, torchvision
}

/// A row of table 1: the numbers of filters of one Inception module.
private struct Inception {
  let name: String
  let one: Int
  let reduceThree: Int
  let three: Int
  let reduceFive: Int
  let five: Int
  let poolProjection: Int

  private init(_ name: String, _ one: Int, _ three: (Int, Int), _ five: (Int, Int), _ pool: Int) {
    self.name = "inception\(name)"
    self.one = one
    (reduceThree, self.three) = three
    (reduceFive, self.five) = five
    poolProjection = pool
  }

  //                  #1×1  #3×3 reduce, #3×3  #5×5 reduce, #5×5  pool proj
  static let stage3 = [
    Inception("3a", 64, (96, 128), (16, 32), 32),
    Inception("3b", 128, (128, 192), (32, 96), 64),
  ]
  static let stage4 = [
    Inception("4a", 192, (96, 208), (16, 48), 64),
    Inception("4b", 160, (112, 224), (24, 64), 64),
    Inception("4c", 128, (128, 256), (24, 64), 64),
    Inception("4d", 112, (144, 288), (32, 64), 64),
    Inception("4e", 256, (160, 320), (32, 128), 128),
  ]
  static let stage5 = [
    Inception("5a", 256, (160, 320), (32, 128), 128),
    Inception("5b", 384, (192, 384), (48, 128), 128),
  ]
}

extension NetworkBuilder.Value {
  /// A convolution and ReLU; torchvision's normalises between them.
  fileprivate func unit(
    _ name: String, _ channels: Int, kernel: Extent, stride: Extent = 1, padding: Extent = 0,
    _ style: GoogLeNetStyle
  ) -> Self {
    switch style {
    case .paper:
      convolution(name, channels, kernel: kernel, stride: stride, padding: padding).relu()
    case .torchvision:
      convolution(
        "\(name).conv", channels, kernel: kernel, stride: stride, padding: padding, bias: false
      ).batchNorm("\(name).bn", epsilon: 1e-3).relu()
    }
  }

  /// Figure 2b: 1×1; 1×1 then 3×3; 1×1 then 5×5; 3×3 pool then 1×1.
  fileprivate func inception(_ module: Inception, _ style: GoogLeNetStyle) -> Self {
    let name = module.name
    let branch1 = unit("\(name).branch1", module.one, kernel: 1, style)
    let branch2 = unit("\(name).branch2.0", module.reduceThree, kernel: 1, style)
      .unit("\(name).branch2.1", module.three, kernel: 3, padding: 1, style)
    let five: (kernel: Extent, padding: Extent) = style == .paper ? (5, 2) : (3, 1)
    let branch3 = unit("\(name).branch3.0", module.reduceFive, kernel: 1, style)
      .unit("\(name).branch3.1", module.five, kernel: five.kernel, padding: five.padding, style)
    let branch4 = maxPool(3, stride: 1, padding: 1, ceilMode: style == .torchvision)
      .unit("\(name).branch4.1", module.poolProjection, kernel: 1, style)
    return branch1.concatenated(with: [branch2, branch3, branch4])
  }

  /// Halves the map, rounding up.
  fileprivate func reducingPool(_ style: GoogLeNetStyle) -> Self {
    switch style {
    case .paper: maxPool(3, stride: 2, padding: 1)
    case .torchvision: maxPool(3, stride: 2, ceilMode: true)
    }
  }

  /// The pool before stage 5, where torchvision's window is 2×2.
  fileprivate func lastReducingPool(_ style: GoogLeNetStyle) -> Self {
    switch style {
    case .paper: reducingPool(style)
    case .torchvision: maxPool(2, ceilMode: true)
    }
  }
}
