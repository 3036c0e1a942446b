internal import Networks

/// Average pooling whose windows differ in size or divisor: adaptive grids that do not divide their
/// input, and ceil mode over the padded edge. Plain NCHW, one window after another; rare and small.
final class IrregularAveragePoolLayer: Layer {
  let output: Memory
  let keepsOutput = false
  private let node: Node
  private let source: Layout
  private let windows: Windows

  init(
    _ node: Node, rows: AxisWindows, columns: AxisWindows, input: Memory, in graph: GraphBuilder
  ) throws {
    self.node = node
    source = try Layout.plain(graph.extents(of: node.inputs[0]))
    let plain = try graph.reordered(input, to: source, node: node.name)
    output = try graph.memory(.plain(graph.extents(of: node.name)))
    let shape = graph.network.inputShapes(of: node)[0]
    windows = Windows(
      planes: graph.batch * shape.channels, height: shape.height, width: shape.width, rows: rows,
      columns: columns)
    let (windows, output) = (windows, output)
    graph.emit(node.name, "forward") {
      windows.average(plain.floats, into: output.floats)
    }
    graph.releaseTemporaries([plain], unless: [input])
  }

  func makeBackward(
    gradient: Memory, needed: [Bool], in graph: GraphBuilder
  ) throws -> [Memory?] {
    guard needed[0] else { return [nil] }
    let plain = try graph.reordered(gradient, to: output.layout, node: node.name)
    let result = try graph.memory(source)
    let windows = windows
    graph.emit(node.name, "backward") {
      windows.spread(plain.floats, into: result.floats)
    }
    graph.releaseTemporaries([plain], unless: [gradient])
    return [result]
  }
}

/// One axis' windows: where each starts and ends inside the input, and what it divides by.
struct AxisWindows {
  var ranges: [Range<Int>] = []
  var divisors: [Int] = []
}

private struct Windows {
  let planes: Int
  let height: Int
  let width: Int
  let rows: AxisWindows
  let columns: AxisWindows

  /// Planes are shared out among the threads.
  private func forEachWindow(
    _ body: (_ output: Int, _ plane: Int, _ rows: Range<Int>, _ columns: Range<Int>, Float) -> Void
  ) {
    parallelFor(planes, grain: 16) { range in
      for plane in range {
        var output = plane * rows.ranges.count * columns.ranges.count
        for row in rows.ranges.indices {
          for column in columns.ranges.indices {
            let divisor = rows.divisors[row] * columns.divisors[column]
            body(
              output, plane * height * width, rows.ranges[row], columns.ranges[column],
              1 / Float(max(divisor, 1)))
            output += 1
          }
        }
      }
    }
  }

  func average(
    _ input: UnsafeMutableBufferPointer<Float>, into output: UnsafeMutableBufferPointer<Float>
  ) {
    forEachWindow { index, plane, rows, columns, weight in
      var sum: Float = 0
      for row in rows { for column in columns { sum += input[plane + row * width + column] } }
      output[index] = sum * weight
    }
  }

  func spread(
    _ gradient: UnsafeMutableBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Float>
  ) {
    result.update(repeating: 0)
    forEachWindow { index, plane, rows, columns, weight in
      let share = gradient[index] * weight
      for row in rows { for column in columns { result[plane + row * width + column] += share } }
    }
  }
}
