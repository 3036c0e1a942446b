import Networks

extension Lowered {
  /// Mean over nearly equal windows.
  struct AdaptiveAveragePool: LoweredOperation {
    let input, output: TensorShape

    func step(_ context: StepContext) -> any Step {
      AdaptivePoolStep(
        input: context.input, output: context.output, inputShape: input, outputShape: output)
    }

    func int8Form(_ context: Int8Context) -> Int8Form? {
      .average(PoolWindows(adaptive: input, output: output), context)
    }
  }
}

extension Lowering {
  mutating func lowerAdaptiveAveragePool(_ node: Node) {
    append(
      node,
      Lowered.AdaptiveAveragePool(
        input: network.shape(of: node.inputs[0]), output: network.shape(of: node.name)))
  }
}

/// Output row `i` is the mean of input rows `⌊iH/H′⌋ ..< ⌈(i+1)H/H′⌉`, and
/// so for columns.
struct AdaptivePoolStep: Step {
  let input, output: Location
  let inputShape, outputShape: TensorShape

  var algorithm: String { "adaptive average" }

  func run(_ frame: Frame) {
    let inputPlane = inputShape.height * inputShape.width
    let outputPlane = outputShape.height * outputShape.width
    frame.tiles(items: inputShape.channels, work: inputPlane) { image, channels, _ in
      for channel in channels {
        let from = frame.read(input, image: image) + channel * inputPlane
        let to = frame.write(output, image: image) + channel * outputPlane
        for y in 0..<outputShape.height {
          let rows = Self.window(y, inputShape.height, outputShape.height)
          for x in 0..<outputShape.width {
            let columns = Self.window(x, inputShape.width, outputShape.width)
            to[y * outputShape.width + x] = mean(from, rows, columns)
          }
        }
      }
    }
  }

  static func window(_ index: Int, _ size: Int, _ outputs: Int) -> Range<Int> {
    index * size / outputs..<((index + 1) * size + outputs - 1) / outputs
  }

  /// The mean by sixteen partial sums of each row, added at the end.
  private func mean(
    _ plane: UnsafePointer<Float>, _ rows: Range<Int>, _ columns: Range<Int>
  ) -> Float {
    var sums = SIMD16<Float>()
    var rest: Float = 0
    for y in rows {
      let row = plane + y * inputShape.width
      var x = columns.lowerBound
      while x + 16 <= columns.upperBound {
        sums += UnsafeRawPointer(row + x).loadUnaligned(as: SIMD16<Float>.self)
        x += 16
      }
      while x < columns.upperBound {
        rest += row[x]
        x += 1
      }
    }
    return (sums.sum() + rest) / Float(rows.count * columns.count)
  }
}
