/// VGG: K. Simonyan, A. Zisserman, "Very Deep Convolutional Networks for Large-Scale Image
/// Recognition", ICLR 2015, arXiv:1409.1556, table 1, columns A, B, D and E. Layers are named as
/// torchvision's sequential modules count them, activations and pools included.
extension Variant {
  static let vggs = [
    Variant("vgg11", year: 2014, introduced: "stacks of 3×3 convolutions (configuration A)") {
      try vgg("vgg11", columnA)
    },
    Variant("vgg13", year: 2014, introduced: "stacks of 3×3 convolutions (configuration B)") {
      try vgg("vgg13", [[64, 64], [128, 128], [256, 256], [512, 512], [512, 512]])
    },
    Variant("vgg16", year: 2014, introduced: "stacks of 3×3 convolutions (configuration D)") {
      try vgg(
        "vgg16",
        [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]])
    },
    Variant("vgg19", year: 2014, introduced: "stacks of 3×3 convolutions (configuration E)") {
      try vgg(
        "vgg19",
        [
          [64, 64], [128, 128], [256, 256, 256, 256], [512, 512, 512, 512], [512, 512, 512, 512],
        ])
    },
    Variant(
      "vgg11-small", year: 2014,
      introduced: "stacks of 3×3 convolutions (A with a quarter of the channels, the course notes')"
    ) { try vggSmall() },
  ]

  private static let columnA = [[64], [128], [256, 256], [512, 512], [512, 512]]

  private static func vgg(_ name: String, _ stacks: [[Int]]) throws -> Network {
    let builder = NetworkBuilder(name, channels: 3, height: 224, width: 224)
    let scores = builder.input
      .vggFeatures(stacks)
      .adaptiveAveragePool(7)
      .vggClassifier(classes: 1000)
    return try builder.network(output: scores)
  }

  private static func vggSmall() throws -> Network {
    let builder = NetworkBuilder("vgg11-small", channels: 1, height: 224, width: 224)
    let scores = builder.input
      .vggFeatures(columnA.map { stack in stack.map { $0 / 4 } })
      .vggClassifier(classes: 10)
    return try builder.network(output: scores)
  }
}

extension NetworkBuilder.Value {
  /// The stacks of 3×3 convolutions, each followed by a pool that halves the map.
  fileprivate func vggFeatures(_ stacks: [[Int]]) -> Self {
    var value = self
    var position = 0
    for stack in stacks {
      for channels in stack {
        value = value.convolution("features.\(position)", channels, kernel: 3, padding: 1).relu()
        position += 2
      }
      value = value.maxPool(2)
      position += 1
    }
    return value
  }

  /// The three fully connected layers that all columns of table 1 share.
  fileprivate func vggClassifier(classes: Int) -> Self {
    flatten()
      .linear("classifier.0", 4096).relu().dropout()
      .linear("classifier.3", 4096).relu().dropout()
      .linear("classifier.6", classes)
  }
}
