/// LeNet-5: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to
/// Document Recognition", Proc. IEEE 86(11), 1998, §II-B, with the course notes' simplifications:
/// plain average pooling, full connections between maps, and a linear output.
extension Variant {
  static let lenet = Variant(
    "lenet", year: 1998,
    introduced: "convolution, pooling and a classifier trained together by gradient descent"
  ) {
    let builder = NetworkBuilder("lenet", channels: 1, height: 28, width: 28)
    let scores = builder.input
      .convolution("conv1", 6, kernel: 5, padding: 2).sigmoid().averagePool(2)
      .convolution("conv2", 16, kernel: 5).sigmoid().averagePool(2)
      .flatten()
      .linear("fc1", 120).sigmoid()
      .linear("fc2", 84).sigmoid()
      .linear("fc3", 10)
    return try builder.network(output: scores)
  }
}
