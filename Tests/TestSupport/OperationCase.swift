public import Networks

/// A small network of odd shapes that ends in 5 logits, with one operation under test behind a
/// convolution whose own gradient then passes through it.
public struct OperationCase: Sendable, CustomStringConvertible {
  /// What is under test.
  public let name: String
  private let channels: Int
  private let height: Int
  private let width: Int
  private let isOutput: Bool
  private let body: @Sendable (NetworkBuilder.Value) -> NetworkBuilder.Value

  /// What is under test.
  public var description: String { name }

  init(
    _ name: String, channels: Int = 3, height: Int = 7, width: Int = 9, isOutput: Bool = false,
    _ body: @escaping @Sendable (NetworkBuilder.Value) -> NetworkBuilder.Value
  ) {
    self.name = name
    self.channels = channels
    self.height = height
    self.width = width
    self.isOutput = isOutput
    self.body = body
  }

  /// The network.
  public func network() throws -> Network {
    let builder = NetworkBuilder(name, channels: 2, height: height, width: width)
    let first = builder.input.convolution("first", channels, kernel: 3, padding: 1)
    let result = body(first)
    guard !isOutput else { return try builder.network(output: result) }
    return try builder.network(output: result.flatten().linear("last", 5))
  }

  /// Every operation, in the shapes and combinations that engines treat apart.
  public static let all: [OperationCase] = [
    .init("convolution, odd shape") { $0.convolution("x", 5, kernel: 3, stride: 2, padding: 1) },
    .init("convolution, rectangular") {
      $0.convolution(
        "x", 4, kernel: Extent(height: 3, width: 2), stride: Extent(height: 1, width: 2),
        padding: Extent(height: 1, width: 0))
    },
    .init("convolution, dilated") { $0.convolution("x", 4, kernel: 3, padding: 2, dilation: 2) },
    .init("convolution, grouped", channels: 6) {
      $0.convolution("x", 4, kernel: 3, padding: 1, groups: 2)
    },
    .init("convolution, depthwise", channels: 16) {
      $0.convolution("x", 16, kernel: 3, padding: 1, groups: 16, bias: false)
    },
    .init("convolution 3×3 in whole blocks", channels: 16, height: 12, width: 12) {
      $0.convolution("x", 32, kernel: 3, padding: 1).maxPool(3, stride: 3)
    },
    .init("convolution 3×3 of one channel", channels: 1) {
      $0.convolution("x", 16, kernel: 3, padding: 1).maxPool(2)
    },
    .init("convolution 3×3 of three channels, concatenated") {
      $0.convolution("x", 32, kernel: 3, padding: 1)
        .concatenated(with: [$0.convolution("y", 16, kernel: 3, padding: 1).relu()])
    },
    .init("convolution 5×5 in whole blocks", channels: 16) {
      $0.convolution("x", 16, kernel: 5, padding: 2).averagePool(3, stride: 2)
    },
    // Enough of them to be computed by Winograd's F(4×4, 5×5).
    .init("convolution 5×5 of many channels", channels: 96, height: 5, width: 6) {
      $0.convolution("x", 256, kernel: 5, padding: 2).relu()
    },
    .init("convolution 5×5 of fewer channels", channels: 64, height: 9, width: 8) {
      $0.convolution("x", 192, kernel: 5, padding: 2).relu()
    },
    .init("linear after blocked feature maps", channels: 17, height: 4, width: 3) {
      $0.flatten().linear("x", 11).tanh().linear("y", 7, bias: false)
    },
    .init("ReLU, fused") { $0.convolution("x", 5, kernel: 1).relu() },
    .init("ReLU, of a value that two nodes read") {
      let x = $0.convolution("x", 3, kernel: 1)
      return x.relu().adding(x)
    },
    .init("ReLU of a pool's result") { $0.maxPool(2, stride: 1).relu() },
    .init("leaky ReLU") { $0.leakyReLU(0.2) },
    .init("leaky ReLU of a value that two nodes read") {
      let x = $0.convolution("x", 3, kernel: 1)
      return x.leakyReLU().adding(x)
    },
    .init("sigmoid") { $0.sigmoid() },
    .init("tanh") { $0.tanh() },
    .init("max pooling, padded") { $0.maxPool(3, stride: 2, padding: 1) },
    .init("max pooling, ceil mode") { $0.maxPool(3, stride: 2, ceilMode: true) },
    .init("max pooling of whole blocks, padded", channels: 16) {
      $0.convolution("x", 32, kernel: 3).maxPool(3, stride: 2, padding: 1)
    },
    .init("max pooling of whole blocks behind ReLU", channels: 16, height: 9, width: 8) {
      $0.convolution("x", 32, kernel: 1).relu().maxPool(2, ceilMode: true)
    },
    .init("max pooling of whole blocks behind a ReLU that two nodes read", channels: 16) {
      let x = $0.relu()
      return x.maxPool(3, stride: 1, padding: 1).adding(x)
    },
    .init("max pooling of whole blocks behind two ReLUs, added", channels: 16) {
      let x = $0.convolution("x", 16, kernel: 1).relu().maxPool(2)
      return x.adding($0.convolution("y", 16, kernel: 1).relu().maxPool(2))
    },
    .init("average pooling, padding counted") { $0.averagePool(3, stride: 2, padding: 1) },
    .init("average pooling, padding not counted") {
      $0.averagePool(3, stride: 2, padding: 1, countIncludesPadding: false)
    },
    .init("average pooling, ceil mode over the padded edge", width: 8) {
      $0.averagePool(3, stride: 2, padding: 1, ceilMode: true)
    },
    .init("adaptive average pooling that divides", height: 6, width: 8) {
      $0.adaptiveAveragePool(Extent(height: 3, width: 4))
    },
    .init("adaptive average pooling that does not divide") { $0.adaptiveAveragePool(4) },
    .init("global average pooling", channels: 18) { $0.adaptiveAveragePool() },
    .init("batch normalisation", channels: 5) { $0.batchNorm("x") },
    .init("batch normalisation and ReLU", channels: 16) { $0.batchNorm("x").relu() },
    .init("local response normalisation", channels: 7) {
      $0.localResponseNorm(5, alpha: 0.5, beta: 0.75, k: 1)
    },
    // More elements than are drawn at once.
    .init("dropout", height: 20, width: 24) { $0.dropout(0.4) },
    .init("residual add", channels: 16) {
      let x = $0.relu()
      return x.convolution("x", 16, kernel: 3, padding: 1).batchNorm("n").adding(x).relu()
    },
    .init("output that adds two ReLUs of one vector", isOutput: true) {
      let x = $0.flatten()
      return x.linear("a", 5).relu().adding(x.linear("b", 5).relu())
    },
    .init("output that is an average of maps", isOutput: true) {
      $0.convolution("x", 5, kernel: 1).relu().adaptiveAveragePool().flatten().dropout(0)
    },
    .init("concat of odd channels") {
      let x = $0.relu()
      return x.convolution("a", 5, kernel: 1).relu().concatenated(with: [
        x.convolution("b", 3, kernel: 3, padding: 1), x,
      ])
    },
    .init("concat of whole blocks", channels: 16) {
      let x = $0.relu()
      return x.convolution("a", 32, kernel: 1).relu().concatenated(with: [x, x.tanh()])
    },
  ]
}
