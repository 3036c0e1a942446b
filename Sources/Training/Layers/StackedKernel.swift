internal import Networks

/// A convolution of 4 to 6 rows and columns as four of 3×3, which Winograd's algorithm speeds up.
///
/// The kernel, zero-padded to 6×6, is cut into quarters; quarter (a, b) sees the input shifted by
/// 3a rows and 3b columns, so that stacking the four shifted inputs along the channels makes one
/// 3×3 convolution of four times the channels. Shifting does the padding too.
struct StackedKernel {
  let channels: Int
  let outputs: Int
  let kernel: Extent
  let padding: Extent
  /// Of the input and of the stack of shifted copies.
  let input: Extent
  let stack: Extent

  /// Whether a convolution can be computed so: stride 1, whole blocks of 16 channels.
  static func fits(_ attributes: Operation.Convolution, channels: Int) -> Bool {
    let sizes = 4...6
    return sizes.contains(attributes.kernelSize.height)
      && sizes.contains(attributes.kernelSize.width)
      && attributes.stride == 1 && attributes.dilation == 1 && attributes.groups == 1
      && channels % 16 == 0
  }

  init(_ attributes: Operation.Convolution, input: TensorShape, output: TensorShape) {
    channels = input.channels
    outputs = output.channels
    kernel = attributes.kernelSize
    padding = attributes.padding
    self.input = Extent(height: input.height, width: input.width)
    stack = Extent(height: output.height + 2, width: output.width + 2)
  }

  typealias Floats = UnsafeMutableBufferPointer<Float>

  // MARK: Weights, row-major

  /// `[O, C, H, W]` into `[O, 4C, 3, 3]`, what is beyond the kernel 0.
  func cut(_ weights: Floats, into quarters: Floats) {
    parallelFor(outputs, grain: 1) { range in
      for output in range {
        forEachTap(output) { whole, part in
          quarters[part] = whole.map { weights[$0] } ?? 0
        }
      }
    }
  }

  /// The gradient by `[O, 4C, 3, 3]` into that by `[O, C, H, W]`.
  func join(_ quarters: Floats, into weights: Floats) {
    parallelFor(outputs, grain: 1) { range in
      for output in range {
        forEachTap(output) { whole, part in
          if let whole { weights[whole] = quarters[part] }
        }
      }
    }
  }

  /// Every tap of an output's quarters, and the tap of the whole kernel that it is, if any.
  private func forEachTap(_ output: Int, _ body: (_ whole: Int?, _ part: Int) -> Void) {
    var part = output * 4 * channels * 9
    for quarter in 0..<4 {
      for channel in 0..<channels {
        let origin = (output * channels + channel) * kernel.height * kernel.width
        for tap in 0..<9 {
          let row = quarter / 2 * 3 + tap / 3
          let column = quarter % 2 * 3 + tap % 3
          let isInside = row < kernel.height && column < kernel.width
          body(isInside ? origin + row * kernel.width + column : nil, part)
          part += 1
        }
      }
    }
  }

  // MARK: Feature maps, in blocks of 16 channels

  /// The input into its four shifted copies, zeros where they reach beyond it.
  func stack(_ source: Floats, into target: Floats, batch: Int) {
    let blocks = channels / 16
    let planeSize = input.height * input.width * 16
    let stackedSize = stack.height * stack.width * 16
    parallelFor(batch * 4 * blocks, grain: 1) { range in
      for plane in range {
        let (image, place) = plane.quotientAndRemainder(dividingBy: 4 * blocks)
        let (quarter, block) = place.quotientAndRemainder(dividingBy: blocks)
        guard let from = source.baseAddress, let to = target.baseAddress else { continue }
        shift(
          from + (image * blocks + block) * planeSize, quarter, into: to + plane * stackedSize)
      }
    }
  }

  private func shift(
    _ source: UnsafePointer<Float>, _ quarter: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let columns = columnsInside(quarter)
    for row in 0..<stack.height {
      let line = target + row * stack.width * 16
      let sourceRow = row - padding.height + quarter / 2 * 3
      guard sourceRow >= 0, sourceRow < input.height, !columns.isEmpty else {
        line.update(repeating: 0, count: stack.width * 16)
        continue
      }
      let first = columns.lowerBound - padding.width + quarter % 2 * 3
      line.update(repeating: 0, count: columns.lowerBound * 16)
      (line + columns.lowerBound * 16).update(
        from: source + (sourceRow * input.width + first) * 16, count: columns.count * 16)
      (line + columns.upperBound * 16).update(
        repeating: 0, count: (stack.width - columns.upperBound) * 16)
    }
  }

  /// The columns of a shifted copy that lie inside the input.
  private func columnsInside(_ quarter: Int) -> Range<Int> {
    let shift = padding.width - quarter % 2 * 3
    let first = min(max(shift, 0), stack.width)
    return first..<max(first, min(stack.width, input.width + shift))
  }

  /// The gradient by the input: the sum of those by its four shifted copies.
  func unstack(_ source: Floats, into target: Floats, batch: Int) {
    let blocks = channels / 16
    let planeSize = input.height * input.width * 16
    let stackedSize = stack.height * stack.width * 16
    parallelFor(batch * blocks, grain: 1) { range in
      for plane in range {
        let (image, block) = plane.quotientAndRemainder(dividingBy: blocks)
        guard let from = source.baseAddress, let to = target.baseAddress else { continue }
        let result = to + plane * planeSize
        result.update(repeating: 0, count: planeSize)
        for quarter in 0..<4 {
          let copy = from + ((image * 4 + quarter) * blocks + block) * stackedSize
          add(copy, quarter, to: result)
        }
      }
    }
  }

  private func add(
    _ source: UnsafePointer<Float>, _ quarter: Int, to target: UnsafeMutablePointer<Float>
  ) {
    let columns = columnsInside(quarter)
    guard !columns.isEmpty else { return }
    let first = columns.lowerBound - padding.width + quarter % 2 * 3
    for row in 0..<stack.height {
      let targetRow = row - padding.height + quarter / 2 * 3
      guard targetRow >= 0, targetRow < input.height else { continue }
      let from = source + (row * stack.width + columns.lowerBound) * 16
      let to = target + (targetRow * input.width + first) * 16
      for index in 0..<columns.count * 16 { to[index] += from[index] }
    }
  }
}
