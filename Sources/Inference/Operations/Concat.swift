import CKernels
import Networks

extension Lowered {
  /// Channels joined. In floats every input is computed, or copied, where the output has it.
  struct Concat: LoweredOperation {
    var isConcat: Bool { true }
    var movesValues: Bool { true }

    func step(_ context: StepContext) -> any Step {
      preconditionFailure("placement leaves no concat of floats")
    }

    func int8Form(_ context: Int8Context) -> Int8Form? {
      guard let output = context.output else { return nil }
      return Int8Form(to: output) { Int8ConcatStep(context, to: output, $0) }
    }
  }
}

extension Lowering {
  mutating func lowerConcat(_ node: Node) { append(node, Lowered.Concat()) }
}

extension LoweredGraph {
  /// Rewrites `concat(a, b, c)` after `concat(a, b)` as `concat(concat(a, b), c)`, so that a dense
  /// block written either way grows in one place.
  mutating func chainConcats() {
    var known: [[ValueID]: ValueID] = [:]
    for index in nodes.indices {
      guard nodes[index].operation.isConcat else { continue }
      let inputs = nodes[index].inputs
      for length in stride(from: inputs.count - 1, through: 2, by: -1) {
        guard let prefix = known[Array(inputs.prefix(length))] else { continue }
        for input in inputs.prefix(length) { values[input].uses -= 1 }
        values[prefix].uses += 1
        nodes[index].inputs = [prefix] + inputs.dropFirst(length)
        break
      }
      known[inputs] = nodes[index].output
    }
  }
}

/// Each input is rounded to the common grid.
private struct Int8ConcatStep: Step {
  private let shape: TensorShape
  /// The first channel of each input, the number of its channels, and its table, nil for one that is
  /// on the common grid.
  private let parts: [(first: Int, channels: Int, table: [UInt8]?, input: Location)]
  private let lookup: Kernel.Maps8.Map
  private let output: Location

  init(_ concat: Int8Context, to grid: Grid, _ context: StepContext) {
    shape = concat.shape
    lookup = context.kernels.maps8.lookup
    output = context.output
    var first = 0
    parts = context.inputs.indices.map { index in
      let channels = concat.inputShapes[index].channels, from = concat.grids[index]
      defer { first += channels }
      return (first, channels, from == grid ? nil : from.table(to: grid), context.inputs[index])
    }
  }

  var algorithm: String { "concat" }

  func run(_ frame: Frame) {
    frame.tiles(items: shape.height * shape.width, work: shape.channels) { image, pixels, _ in
      for part in parts {
        let from =
          frame.readBytes(part.input, image: image) + pixels.lowerBound * part.channels
        let to =
          frame.writeBytes(output, image: image) + pixels.lowerBound * shape.channels + part.first
        guard let table = part.table else {
          for pixel in 0..<pixels.count {
            (to + pixel * shape.channels)
              .update(from: from + pixel * part.channels, count: part.channels)
          }
          continue
        }
        var map = cnn_u8_map()
        (map.input, map.output) = (from, to)
        map.input_stride = Int64(part.channels)
        map.output_stride = Int64(shape.channels)
        (map.pixels, map.channels) = (Int64(pixels.count), Int64(part.channels))
        table.withUnsafeBufferPointer {
          map.table = $0.baseAddress
          lookup(&map)
        }
      }
    }
  }
}
