internal import Networks

/// Average pooling whose windows differ in size or divisor: adaptive grids that do not divide their
/// input, and ceil mode over the padded edge. Plain NCHW, one window after another; rare and small.
final class IrregularAveragePoolLayer: Layer {
  let output: Memory
  private let node: Node
  private let source: Layout
  private let windows: Windows

  init(_ node: Node, input: Memory, in graph: GraphBuilder) throws {
    self.node = node
    source = try Layout.plain(graph.extents(of: node.inputs[0]))
    let plain = try graph.reordered(input, to: source, node: node.name)
    output = try graph.memory(.plain(graph.extents(of: node.name)))
    windows = Windows(
      node.operation, input: graph.network.inputShapes(of: node)[0],
      output: graph.network.shape(of: node.name), batch: graph.batch)
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
private struct AxisWindows {
  var ranges: [Range<Int>] = []
  var divisors: [Int] = []

  /// `⌊i·n / m⌋ ..< ⌈(i + 1)·n / m⌉`, PyTorch's adaptive grid.
  init(adaptive size: Int, to count: Int) {
    for index in 0..<count {
      let range = index * size / count..<((index + 1) * size + count - 1) / count
      ranges.append(range)
      divisors.append(range.count)
    }
  }

  /// Windows of pooling; the divisor counts padding but nothing beyond it.
  init(size: Int, count: Int, kernel: Int, stride: Int, padding: Int, countsPadding: Bool) {
    for index in 0..<count {
      let start = index * stride - padding
      let end = min(start + kernel, size + padding)
      let range = max(start, 0)..<max(min(end, size), max(start, 0))
      ranges.append(range)
      divisors.append(countsPadding ? end - start : range.count)
    }
  }
}

private struct Windows {
  let planes: Int
  let height: Int
  let width: Int
  let rows: AxisWindows
  let columns: AxisWindows

  init(_ operation: NodeOperation, input: TensorShape, output: TensorShape, batch: Int) {
    planes = batch * input.channels
    height = input.height
    width = input.width
    if case .averagePool(let window) = operation {
      rows = AxisWindows(
        size: height, count: output.height, kernel: window.kernelSize.height,
        stride: window.stride.height, padding: window.padding.height,
        countsPadding: window.countIncludesPadding)
      columns = AxisWindows(
        size: width, count: output.width, kernel: window.kernelSize.width,
        stride: window.stride.width, padding: window.padding.width,
        countsPadding: window.countIncludesPadding)
    } else {
      rows = AxisWindows(adaptive: height, to: output.height)
      columns = AxisWindows(adaptive: width, to: output.width)
    }
  }

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
