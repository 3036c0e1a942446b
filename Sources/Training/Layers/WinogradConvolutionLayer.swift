internal import CKernels
internal import COneDNN
internal import Networks

/// A 5×5 convolution by Winograd's F(4×4, 5×5), optionally with a ReLU fused behind it: 4 products a
/// pixel and pair of channels for 25 (Lavin & Gray 2016). The transforms are ours, the products
/// between them oneDNN's, which itself has Winograd's algorithm for 3×3 only.
///
/// Weights lie as `[5][5][C][O]`, so that a vector has 16 outputs of one tap.
final class WinogradConvolutionLayer: Layer {
  let output: Memory
  private let parts: WeightedLayer
  private let source: Memory
  private let passes: WinogradPasses

  /// Whether a convolution can be computed so: 5×5 in steps of 1, whole blocks of 16 channels.
  static func fits(
    _ attributes: Operation.Convolution, input: TensorShape, output: TensorShape
  ) -> Bool {
    attributes.kernelSize == 5 && attributes.stride == 1 && attributes.dilation == 1
      && attributes.groups == 1 && input.channels % 16 == 0 && output.channels % 16 == 0
  }

  init(
    _ node: Node, _ attributes: Operation.Convolution, input: Memory, fusesReLU: Bool,
    in graph: GraphBuilder
  ) throws {
    parts = try WeightedLayer(node, hasBias: attributes.bias, in: graph)
    passes = WinogradPasses(node, padding: attributes.padding, in: graph)
    let weight = parts.weight
    try weight.adopt(.init(weight.parameter.shape, tag: dnnl_cdba), graph.engine)
    source = try graph.reordered(
      input, to: Self.blocked(graph.extents(of: node.inputs[0])), node: node.name)
    output = try graph.memory(Self.blocked(graph.extents(of: node.name)))
    let maps = (passes.windows, source, passes.tiles, output)
    try passes.emitConvolution(
      "forward", maps, weights: weight.value, isRotated: false, bias: parts.bias?.value,
      relu: fusesReLU, in: graph)
    graph.releaseTemporaries([source], unless: [input])
  }

  private static func blocked(_ extents: [Int]) throws -> Layout {
    try Layout(extents, tag: dnnl_nChw16c)
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    let blocked = try graph.reordered(
      gradient, to: Self.blocked(graph.extents(of: parts.node.name)), node: parts.node.name)
    if parts.isTrained {
      let weights = try parts.weight.gradientTarget(parts.weight.value.layout, graph)
      try passes.emitWeightGradient(
        source: source, gradient: blocked, into: weights,
        bias: parts.bias?.gradient(graph.engine), in: graph)
      try parts.weight.finishGradient(weights, graph, node: parts.node.name)
    }
    let result = needed[0] ? try makeSourceGradient(blocked, graph) : nil
    graph.releaseTemporaries([blocked], unless: [gradient])
    return [result]
  }

  /// A convolution of the gradient by the rotated filters, outputs and channels changing places.
  private func makeSourceGradient(_ gradient: Memory, _ graph: GraphBuilder) throws -> Memory {
    let (outputs, channels) = (passes.tiles.channels, passes.windows.channels)
    // `[5][5][O][C]`.
    let turned = try Layout(
      parts.weight.parameter.shape,
      strides: [channels, 1, 5 * channels * outputs, channels * outputs])
    let weights = try graph.reordered(parts.weight.value, to: turned, node: parts.node.name)
    let result = try graph.memory(Self.blocked(graph.extents(of: parts.node.inputs[0])))
    let maps = (passes.gradientWindows, gradient, passes.sourceTiles, result)
    try passes.emitConvolution(
      "backward data", maps, weights: weights, isRotated: true, bias: nil, relu: false, in: graph)
    graph.releaseTemporaries([weights], unless: [parts.weight.value])
    return result
  }
}
