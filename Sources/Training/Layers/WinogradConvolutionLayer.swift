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

  init(
    _ node: Node, _ attributes: Operation.Convolution, input: Memory, fusesReLU: Bool,
    in graph: GraphBuilder
  ) throws {
    parts = try WeightedLayer(node, hasBias: attributes.bias, in: graph)
    passes = WinogradPasses(node, padding: attributes.padding, in: graph)
    let weight = parts.weight
    try weight.adopt(WinogradPasses.taps(weight.parameter.shape), graph.engine)
    let taps = try graph.reordered(
      weight.value, to: WinogradPasses.taps(weight.parameter.shape), node: node.name)
    source = try passes.blocked(input, graph)
    output = try graph.memory(WinogradPasses.blocks(graph.extents(of: node.name)))
    let maps = (passes.windows, source, passes.tiles, output)
    try passes.emitConvolution(
      "forward", maps, weights: taps, isRotated: false, bias: parts.bias?.value,
      relu: fusesReLU, in: graph)
    graph.releaseTemporaries([source, taps], unless: [input, weight.value])
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    let blocked = try passes.blocked(gradient, graph)
    if parts.isTrained {
      try passes.emitWeightGradient(parts, source: source, slopes: blocked, in: graph)
    }
    let result =
      needed[0] ? try passes.emitSourceGradient(parts, slopes: blocked, in: graph) : nil
    graph.releaseTemporaries([blocked], unless: [gradient])
    return [result]
  }
}
