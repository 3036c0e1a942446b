internal import CKernels
internal import Datasets
internal import Networks

/// Dropout (Srivastava et al. 2014), scaled in training so that inference is the identity.
///
/// The mask is a function of seed, node, optimiser step and element alone: nothing is stored, the
/// backward pass draws it again, and a resumed run, in either precision, draws the same one.
final class DropoutLayer: Layer {
  let output: Memory
  private let node: Node
  private let mask: DropoutMask

  init(
    _ node: Node, _ probability: Double, index: Int, input: Memory, in graph: GraphBuilder
  ) throws {
    self.node = node
    mask = DropoutMask(probability: probability, clock: graph.clock, stream: index)
    guard graph.mode == .training, probability > 0 else {
      output = input
      graph.retain(input)
      return
    }
    // Elements are counted row-major, whatever order this machine's kernels like.
    let layout = try Layout.plain(input.layout.extents, input.layout.element)
    let source = try graph.reordered(input, to: layout, node: node.name)
    output = try graph.memory(layout)
    let (mask, output) = (mask, output)
    graph.emit(node.name, "forward") { mask.apply(to: source, into: output) }
    graph.releaseTemporaries([source], unless: [input])
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    guard needed[0] else { return [nil] }
    guard mask.probability > 0 else {
      graph.retain(gradient)
      return [gradient]
    }
    let incoming = try graph.reordered(gradient, to: output.layout, node: node.name)
    let result = try graph.memory(output.layout)
    let mask = mask
    graph.emit(node.name, "backward") { mask.apply(to: incoming, into: result) }
    graph.releaseTemporaries([incoming], unless: [gradient])
    return [result]
  }
}

struct DropoutMask {
  let probability: Double
  let clock: Clock
  /// The node's place in the network: nodes draw from streams of their own.
  let stream: Int

  /// `output = input × mask / (1 − p)`; equal layouts.
  func apply(to input: Memory, into output: Memory) {
    var task = cnn_dropout()
    // A 32-bit draw below the threshold drops the element.
    task.threshold = UInt32(min(probability * 4_294_967_296, 4_294_967_295))
    task.scale = Float(1 / (1 - probability))
    let isHalf = input.layout.element == .bfloat16
    let (bytes, kernel) = isHalf ? (2, VectorKernels.dropHalves) : (4, VectorKernels.dropFloats)
    let random = CounterRandom(
      seed: clock.seed, purpose: .dropout, UInt64(clock.step), UInt64(stream))
    parallelFor(input.layout.byteCount / bytes, grain: 4096) { range in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.draws) { words in
        var task = task
        task.words = UnsafePointer(words.baseAddress)
        // Ranges start at multiples of 16: whole blocks of four words.
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.draws) {
          VectorKernels.philox(
            UInt64(start / 4), Int64(Self.draws / 4), random.stream, random.seed, words.baseAddress)
          task.count = Int64(min(Self.draws, range.upperBound - start))
          task.input = UnsafeRawPointer(input.buffer.address + start * bytes)
          task.output = output.buffer.address + start * bytes
          kernel(&task)
        }
      }
    }
  }

  /// Words drawn at once.
  private static let draws = 1024
}
