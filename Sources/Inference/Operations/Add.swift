import CKernels
import Networks

extension Lowered {
  /// The sum of two or more values.
  struct Add: LoweredOperation {
    var clamp = OutputClamp.none

    func ending(in clamp: OutputClamp) -> (any LoweredOperation)? {
      Add(clamp: self.clamp.then(clamp))
    }

    func step(_ context: StepContext) -> any Step {
      AddStep(
        kernel: context.kernels.best { if case .add(let run) = $0 { run } else { nil } },
        inputs: context.inputs, output: context.output, count: context.elementCount, clamp: clamp)
    }

    func int8Form(_ context: Int8Context) -> Int8Form? {
      guard let output = context.output else { return nil }
      return Int8Form(to: output) {
        Int8AddStep(
          kernel: $0.kernels.maps8.add, inputs: $0.inputs, output: $0.output,
          count: $0.elementCount, grids: context.grids, grid: output, clamp: clamp)
      }
    }
  }
}

extension Lowering {
  /// A sum of two becomes the last part of the later convolution that makes one of them; that
  /// convolution moves here, after what makes the other. One in int8 adds bytes to bytes.
  mutating func lowerAdd(_ node: Node) {
    let inputs = node.inputs.map(value)
    let candidates = node.inputs.compactMap(soleProducer).sorted(by: >)
    for index in candidates where inputs.count == 2 {
      guard var convolution = graph.nodes[index].operation as? Lowered.Convolution,
        convolution.clamp == .none, !convolution.hasResidual,
        convolution.int8 == nil || isOnGrids(node)
      else { continue }
      convolution.hasResidual = true
      let moved = graph.nodes.remove(at: index)
      graph.nodes.append(moved)
      let last = graph.nodes.count - 1
      graph.nodes[last].inputs += inputs.filter { $0 != moved.output }
      return fuse(node, into: last, as: convolution)
    }
    append(node, Lowered.Add())
  }

  /// Whether all that a sum reads and makes has a grid.
  private func isOnGrids(_ node: Node) -> Bool {
    grids[node.name] != nil && node.inputs.allSatisfy { graph.values[value($0)].grid != nil }
  }
}

private struct AddStep: Step {
  let kernel: Kernel.Map
  let inputs: [Location]
  let output: Location
  let count: Int
  let clamp: OutputClamp

  var algorithm: String { "add" + clamp.suffix }

  func run(_ frame: Frame) {
    frame.tiles(items: count, work: 1) { image, elements, _ in
      var map = cnn_f32_map()
      map.output = frame.write(output, image: image) + elements.lowerBound
      map.count = Int64(elements.count)
      map.input = frame.read(inputs[0], image: image) + elements.lowerBound
      for (index, other) in inputs.enumerated().dropFirst() {
        map.other = frame.read(other, image: image) + elements.lowerBound
        map.clamp = (index == inputs.count - 1 ? clamp : .none).bounds
        kernel(&map)
        map.input = UnsafePointer(map.output)
      }
    }
  }
}

/// The sum is rounded once.
private struct Int8AddStep: Step {
  let kernel: Kernel.Maps8.Add
  let inputs: [Location]
  let output: Location
  let count: Int
  /// Of each input.
  let grids: [Grid]
  let grid: Grid
  let clamp: OutputClamp

  var algorithm: String { "add" + clamp.suffix }

  func run(_ frame: Frame) {
    let scales = grids.map { $0.scale / grid.scale }
    let zeros = grids.map { Int32($0.zeroPoint) }
    frame.tiles(items: count, work: inputs.count) { image, elements, _ in
      let addresses: [UnsafePointer<UInt8>?] = inputs.map {
        frame.readBytes($0, image: image) + elements.lowerBound
      }
      var sum = cnn_u8_add()
      sum.output = frame.writeBytes(output, image: image) + elements.lowerBound
      (sum.count, sum.elements) = (Int64(inputs.count), Int64(elements.count))
      sum.rounding = grid.rounding(clamp)
      addresses.withUnsafeBufferPointer { addresses in
        scales.withUnsafeBufferPointer { scales in
          zeros.withUnsafeBufferPointer { zeros in
            sum.inputs = addresses.baseAddress
            (sum.scales, sum.zeros) = (scales.baseAddress, zeros.baseAddress)
            kernel(&sum)
          }
        }
      }
    }
  }
}
