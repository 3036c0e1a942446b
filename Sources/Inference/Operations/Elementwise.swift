import CKernels
import Networks

extension Lowered {
  /// A function of each number by itself.
  struct Elementwise: LoweredOperation {
    /// The step's name.
    let name: String
    /// Finds the function's kernel in floats.
    let kernel: @Sendable (Kernel.Function) -> Kernel.Map?
    /// Sets the kernel's parameters.
    var prepare: @Sendable (inout cnn_f32_map) -> Void = { _ in }
    /// The function itself, rounded once, which makes int8's tables.
    let value: @Sendable (Float) -> Float

    var mayRunInPlace: Bool { true }

    func step(_ context: StepContext) -> any Step {
      ElementwiseStep(
        algorithm: name, kernel: context.kernels.best(kernel), prepare: prepare,
        input: context.input, output: context.output, count: context.elementCount)
    }

    func int8Form(_ context: Int8Context) -> Int8Form? {
      context.output.map { output in
        .lookup(context.input.table(to: output, value), name: name, to: output)
      }
    }
  }
}

extension Lowering {
  /// Ends what makes the input in a clamp, or clamps in a step of its own.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - clamp: What it does to each number.
  ///   - name: The step's name.
  mutating func lowerClamp(_ node: Node, _ clamp: OutputClamp, name: String) {
    if let index = soleProducer(of: node.inputs[0]),
      let ending = graph.nodes[index].operation.ending(in: clamp)
    {
      return fuse(node, into: index, as: ending)
    }
    append(
      node,
      Lowered.Elementwise(
        name: name, kernel: { if case .clamp(let run) = $0 { run } else { nil } },
        prepare: { $0.clamp = clamp.bounds }, value: { clamp($0) }))
  }
}

private struct ElementwiseStep: Step {
  let algorithm: String
  let kernel: Kernel.Map
  let prepare: @Sendable (inout cnn_f32_map) -> Void
  let input, output: Location
  let count: Int

  func run(_ frame: Frame) {
    var whole = cnn_f32_map()
    prepare(&whole)
    frame.tiles(items: count, work: 1) { [whole] image, elements, _ in
      var map = whole
      map.input = frame.read(input, image: image) + elements.lowerBound
      map.output = frame.write(output, image: image) + elements.lowerBound
      map.count = Int64(elements.count)
      kernel(&map)
    }
  }
}
