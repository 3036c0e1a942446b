import CKernels
import Inference
import Networks
import TestSupport
import Testing

private let kernels = Kernel.all.filter { ISA.available.contains($0.isa) }

/// The unit roundoff of Float; a sum of K products is off by at most about (K + 2) of it times the
/// sum of the products' sizes, in any order (Higham, Accuracy and Stability, §3.1).
private let roundoff = 0x1p-24

@Suite("Every kernel against its formula, next to guard pages")
struct KernelTests {
  @Test("Every kernel of the list has a name of its ISA, and every ISA here a matrix product")
  func list() {
    for kernel in Kernel.all { #expect(kernel.name.hasSuffix(kernel.isa.rawValue)) }
    for isa in ISA.available where ![.avx512vnni, .avx512amx].contains(isa) {
      #expect(Kernel.all.contains { if case .gemm = $0.function { $0.isa == isa } else { false } })
    }
  }

  @Test("Matrix products of every tile size", arguments: GuardedFloats.Side.allCases)
  func gemm(side: GuardedFloats.Side) {
    for kernel in kernels {
      guard case .gemm(let run, let rows, let columns, let lanes) = kernel.function else {
        continue
      }
      for m in 1...rows {
        for n in Set([1, lanes - 1, lanes, lanes + 1, columns - 1, columns])
        where n <= columns && n > 0 {
          for depth in [1, 2, 17] {
            checkGEMM(kernel.name, run, rows, lanes, m, n, depth, side)
          }
        }
      }
    }
  }

  private func checkGEMM(
    _ name: String, _ run: Kernel.GEMM, _ rows: Int, _ lanes: Int, _ m: Int, _ n: Int, _ depth: Int,
    _ side: GuardedFloats.Side
  ) {
    var random = SeededGenerator(seed: UInt64(m * 1000 + n * 10 + depth))
    let width = (n + lanes - 1) / lanes * lanes, stride = n + 3
    let a = random.floats(depth * rows), b = random.floats(depth * width)
    let bias = random.floats(rows), residual = random.floats((m - 1) * stride + n)
    let start = random.floats((m - 1) * stride + n)
    for (first, clamp, residues) in [
      (true, OutputClamp.none, false), (true, .relu, true), (false, .relu, false),
      (true, OutputClamp(lower: -1, upper: 1.5), true),
      (false, OutputClamp(lower: 0, upper: 0.5), false),
    ] {
      let guarded = (
        a: GuardedFloats(a, side), b: GuardedFloats(b, side), c: GuardedFloats(start, side),
        bias: GuardedFloats(bias, side), residual: GuardedFloats(residual, side)
      )
      var tile = cnn_f32_gemm()
      tile.a = UnsafePointer(guarded.a.address)
      tile.b = UnsafePointer(guarded.b.address)
      tile.c = guarded.c.address
      tile.bias = first ? UnsafePointer(guarded.bias.address) : nil
      tile.residual = residues ? UnsafePointer(guarded.residual.address) : nil
      (tile.depth, tile.b_stride, tile.c_stride) = (Int64(depth), Int64(width), Int64(stride))
      (tile.rows, tile.columns, tile.clamp) = (Int64(m), Int64(n), clamp.bounds)
      // Asking for what lies beyond the end does no harm.
      (tile.next, tile.next_step) = (tile.a.map { $0 + a.count }, Int64(rows))
      run(&tile)
      let found = guarded.c.values
      for i in 0..<m {
        for j in 0..<stride where i * stride + j < found.count {
          let place = i * stride + j
          guard j < n else {
            #expect(found[place] == start[place], "\(name) wrote beside its tile")
            continue
          }
          var sum = Double(first ? bias[i] : start[place]), size = abs(sum)
          for k in 0..<depth {
            let product = Double(a[k * rows + i]) * Double(b[k * width + j])
            sum += product
            size += abs(product)
          }
          if residues { sum += Double(residual[place]) }
          #expect(
            abs(clamp(sum) - Double(found[place])) <= Double(depth + 3) * roundoff * (size + 1),
            "\(name) \(m)×\(n)×\(depth)")
        }
      }
    }
  }

  @Test("Rows of B of odd windows", arguments: GuardedFloats.Side.allCases)
  func im2col(side: GuardedFloats.Side) {
    for kernel in kernels {
      guard case .im2col(let run) = kernel.function else { continue }
      for shape in ConvolutionShape.table { checkIm2col(kernel.name, run, shape, side) }
    }
  }

  private func checkIm2col(
    _ name: String, _ run: Kernel.Im2col, _ s: ConvolutionShape, _ side: GuardedFloats.Side
  ) {
    var random = SeededGenerator(seed: 5)
    let input = random.floats(s.channels * s.height * s.width)
    let taps = s.kernel.0 * s.kernel.1, pixels = s.output.0 * s.output.1
    for first in Set([0, pixels / 2]) {
      let columns = min(48, pixels - first), stride = (columns + 15) / 16 * 16
      let from = GuardedFloats(input, side)
      let to = GuardedFloats(Array(repeating: .nan, count: s.channels * taps * stride), side)
      var tile = cnn_f32_im2col()
      tile.input = UnsafePointer(from.address)
      tile.output = to.address
      tile.channel_stride = Int64(s.height * s.width)
      (tile.height, tile.width) = (Int64(s.height), Int64(s.width))
      (tile.output_width, tile.kernel_width) = (Int64(s.output.1), Int64(s.kernel.1))
      (tile.stride_y, tile.stride_x) = (Int64(s.stride.0), Int64(s.stride.1))
      (tile.padding_y, tile.padding_x) = (Int64(s.padding.0), Int64(s.padding.1))
      (tile.dilation_y, tile.dilation_x) = (Int64(s.dilation.0), Int64(s.dilation.1))
      (tile.channels, tile.first_tap, tile.last_tap) = (Int64(s.channels), 0, Int64(taps))
      (tile.first_pixel, tile.columns) = (Int64(first), Int64(columns))
      tile.row_stride = Int64(stride)
      run(&tile)
      let found = to.values
      var wrong = 0
      for c in 0..<s.channels {
        for tap in 0..<taps {
          for j in 0..<stride {
            let pixel = first + j
            let y = pixel / s.output.1 * s.stride.0 + tap / s.kernel.1 * s.dilation.0 - s.padding.0
            let x = pixel % s.output.1 * s.stride.1 + tap % s.kernel.1 * s.dilation.1 - s.padding.1
            let inside =
              j < columns && (0..<s.height).contains(y) && (0..<s.width).contains(x)
            let expected = inside ? input[(c * s.height + y) * s.width + x] : 0
            wrong += found[(c * taps + tap) * stride + j] == expected ? 0 : 1
          }
        }
      }
      #expect(wrong == 0, "\(name) \(s) from pixel \(first)")
    }
  }

  @Test("Inner products of every row and image count", arguments: GuardedFloats.Side.allCases)
  func dot(side: GuardedFloats.Side) {
    for kernel in kernels {
      guard case .dot(let run, let rowTile, let imageTile) = kernel.function else { continue }
      for rows in 1...rowTile + 1 {
        for images in 1...imageTile + 1 {
          for (index, depth) in [1, 7, 16, 33].enumerated() {
            let clamp = OutputClamp.cases[(rows + images + index) % 4]
            checkDot(kernel.name, run, rows, images, depth, clamp, side)
          }
        }
      }
    }
  }

  private func checkDot(
    _ name: String, _ run: Kernel.Dot, _ rows: Int, _ images: Int, _ depth: Int,
    _ clamp: OutputClamp, _ side: GuardedFloats.Side
  ) {
    var random = SeededGenerator(seed: UInt64(rows * 100 + depth))
    let stride = depth + 2
    let weights = random.floats(rows * depth), bias = random.floats(rows)
    let inputs = random.floats((images - 1) * stride + depth)
    let guarded = (
      w: GuardedFloats(weights, side), x: GuardedFloats(inputs, side), b: GuardedFloats(bias, side),
      y: GuardedFloats(zeros: images * rows, side)
    )
    var tile = cnn_f32_dot()
    tile.weights = UnsafePointer(guarded.w.address)
    tile.inputs = UnsafePointer(guarded.x.address)
    tile.bias = UnsafePointer(guarded.b.address)
    tile.output = guarded.y.address
    (tile.weight_stride, tile.input_stride) = (Int64(depth), Int64(stride))
    (tile.output_stride, tile.depth) = (Int64(rows), Int64(depth))
    (tile.rows, tile.images, tile.clamp) = (Int64(rows), Int64(images), clamp.bounds)
    run(&tile)
    for image in 0..<images {
      for row in 0..<rows {
        var sum = Double(bias[row]), size = abs(sum)
        for k in 0..<depth {
          let product = Double(weights[row * depth + k]) * Double(inputs[image * stride + k])
          sum += product
          size += abs(product)
        }
        let error = abs(clamp(sum) - Double(guarded.y.values[image * rows + row]))
        #expect(error <= Double(depth + 3) * roundoff * size, "\(name) \(rows)×\(images)×\(depth)")
      }
    }
  }
}
