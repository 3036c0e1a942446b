/// AlexNet: A. Krizhevsky, I. Sutskever, G. E. Hinton, "ImageNet Classification with Deep
/// Convolutional Neural Networks", NeurIPS 2012, §3.5, as the course notes draw it: one tower, no
/// local response normalisation. `alexnet-torchvision` is the narrower network of A. Krizhevsky,
/// "One weird trick for parallelizing convolutional neural networks", 2014, arXiv:1404.5997.
extension Variant {
  static let alexNets = [
    Variant(
      "alexnet", year: 2012,
      introduced: "depth, ReLU and dropout at scale (the course notes' Fashion-MNIST size)"
    ) { try alexNet("alexnet", channels: 1, firstPadding: 1, classes: 10) },
    Variant(
      "alexnet-imagenet", year: 2012,
      introduced: "depth, ReLU and dropout at scale (the ImageNet original)"
    ) { try alexNet("alexnet-imagenet", channels: 3, firstPadding: 0, classes: 1000) },
    Variant(
      "alexnet-torchvision", year: 2014,
      introduced:
        "AlexNet narrowed to one tower of 64-192-384-256-256 filters, as torchvision has it"
    ) { try alexNetTorchvision() },
  ]

  private static func alexNet(
    _ name: String, channels: Int, firstPadding: Int, classes: Int
  ) throws -> Network {
    let builder = NetworkBuilder(name, channels: channels, height: 224, width: 224)
    let scores = builder.input
      .convolution("conv1", 96, kernel: 11, stride: 4, padding: Extent(firstPadding)).relu()
      .maxPool(3, stride: 2)
      .convolution("conv2", 256, kernel: 5, padding: 2).relu()
      .maxPool(3, stride: 2)
      .convolution("conv3", 384, kernel: 3, padding: 1).relu()
      .convolution("conv4", 384, kernel: 3, padding: 1).relu()
      .convolution("conv5", 256, kernel: 3, padding: 1).relu()
      .maxPool(3, stride: 2)
      .flatten()
      .linear("fc6", 4096).relu().dropout()
      .linear("fc7", 4096).relu().dropout()
      .linear("fc8", classes)
    return try builder.network(output: scores)
  }

  private static func alexNetTorchvision() throws -> Network {
    let builder = NetworkBuilder("alexnet-torchvision", channels: 3, height: 224, width: 224)
    let scores = builder.input
      .convolution("features.0", 64, kernel: 11, stride: 4, padding: 2).relu()
      .maxPool(3, stride: 2)
      .convolution("features.3", 192, kernel: 5, padding: 2).relu()
      .maxPool(3, stride: 2)
      .convolution("features.6", 384, kernel: 3, padding: 1).relu()
      .convolution("features.8", 256, kernel: 3, padding: 1).relu()
      .convolution("features.10", 256, kernel: 3, padding: 1).relu()
      .maxPool(3, stride: 2)
      .adaptiveAveragePool(6)
      .flatten()
      .dropout().linear("classifier.1", 4096).relu()
      .dropout().linear("classifier.4", 4096).relu()
      .linear("classifier.6", 1000)
    return try builder.network(output: scores)
  }
}
