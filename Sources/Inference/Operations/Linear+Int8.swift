import CKernels
import Networks
import Tensors

/// `y = W x + b` in int8 with the weights where they lie, `[out, in]`: a batch of one streams them
/// from memory, a larger one reuses each row for several images while it is in the cache, or
/// multiplies tiles of rows by tiles of images where there is a kernel for it.
struct Int8LinearStep: Step {
  private let weights: Tensor
  /// Of each output, with what the input's zero point adds.
  private let bias: [Int32]
  private let factors: [Float]
  private let clamp: OutputClamp
  /// Nil for floats.
  private let outputGrid: Grid?
  private let kernel: Kernel.Dot8
  private let product: Kernel.Product8?
  private let kernelNames: String
  private let input, output: Location

  /// Rows of weights in a tile.
  private static let rows = 16

  init(
    _ filters: Int8Filters, clamp: OutputClamp, to grid: Grid?, _ context: StepContext
  ) throws {
    let kernels = context.kernels
    weights = filters.weights
    factors = filters.factors(to: grid)
    self.clamp = clamp
    outputGrid = grid
    kernel = kernels.dot8
    product = kernels.product8
    kernelNames = [kernels.dot8Name, kernels.product8Name].compactMap(\.self).joined(
      separator: " or ")
    input = context.input
    output = context.output
    if filters.input.zeroPoint == 0 {
      // As after a ReLU: the weights need not be read.
      bias = filters.bias
    } else {
      let sums = try Self.rowSums(filters.weights, kernel, threads: context.threads)
      bias = sums.enumerated().map { filters.correctedBias($0, sum: Int32($1)) }
    }
  }

  var algorithm: String { "int8 rows \(kernelNames)" }
  var isInt8: Bool { true }
  var weightBytes: Int { weights.byteCount + 8 * bias.count }

  func sharedCount(images: Int, threads: Int) -> Int {
    guard let product, images >= product.fewestImages else { return 0 }
    let blocks = (images + product.imagesOfBlock - 1) / product.imagesOfBlock
    return blocks * product.blockSize(depth: weights.shape[1]) / 4
  }

  func run(_ frame: Frame) {
    var whole = cnn_u8_dot()
    whole.inputs = frame.readBytes(input, image: 0)
    whole.input_stride = Int64(input.imageStride)
    whole.images = Int64(frame.count)
    whole.rounding = outputGrid?.rounding(clamp) ?? .floats(clamp)
    if outputGrid != nil {
      whole.output = frame.writeBytes(output, image: 0)
      whole.output_stride = Int64(output.imageStride)
    } else {
      whole.floats = frame.write(output, image: 0)
      whole.output_stride = Int64(output.imageStride / MemoryLayout<Float>.stride)
    }
    bias.withUnsafeBufferPointer { bias in
      factors.withUnsafeBufferPointer { factors in
        whole.bias = bias.baseAddress
        whole.rounding.scale = factors.baseAddress
        if let product, frame.count >= product.fewestImages {
          multiply(frame, whole, product)
        } else {
          Self.multiply(weights, whole, kernel, frame.team)
        }
      }
    }
  }

  /// Prepares the images, block by block, and multiplies tiles of rows by all of them.
  private func multiply(_ frame: Frame, _ whole: cnn_u8_dot, _ kernel: Kernel.Product8) {
    let depth = weights.shape[1], size = kernel.blockSize(depth: depth)
    let packed = UnsafeMutableRawPointer(frame.shared).assumingMemoryBound(to: UInt8.self)
    let shared = Whole(dot: whole), count = frame.count, block = kernel.imagesOfBlock
    frame.team.parallelFor(tiles: (count + block - 1) / block) { index, _ in
      var images = cnn_u8_pack_images()
      images.inputs = shared.dot.inputs + index * block * Int(shared.dot.input_stride)
      images.packed = packed + index * size
      (images.input_stride, images.depth) = (shared.dot.input_stride, Int64(depth))
      images.images = Int64(min(block, count - index * block))
      kernel.pack(&images)
    }
    Self.inTiles(of: kernel.rows, weights, whole, frame.team) { tile in
      var product = cnn_u8_product()
      (product.dot, product.packed) = (tile, UnsafePointer(packed))
      kernel.run(&product)
    }
  }

  private static func multiply(
    _ weights: Tensor, _ whole: cnn_u8_dot, _ kernel: Kernel.Dot8, _ team: ThreadTeam
  ) {
    inTiles(of: rows, weights, whole, team) { tile in
      var tile = tile
      kernel(&tile)
    }
  }

  /// Cuts a product into tiles of rows.
  private static func inTiles(
    of rows: Int, _ weights: Tensor, _ whole: cnn_u8_dot, _ team: ThreadTeam,
    _ body: @escaping (cnn_u8_dot) -> Void
  ) {
    let outputs = weights.shape[0], inputs = weights.shape[1]
    let tiles = (outputs + rows - 1) / rows
    weights.withInt8 { weights in
      guard let base = weights.baseAddress else { return }
      var whole = whole
      whole.weights = base
      (whole.weight_stride, whole.depth) = (Int64(inputs), Int64(inputs))
      let shared = Whole(dot: whole)
      team.parallelFor(tiles: tiles) { index, _ in
        let first = index * rows
        var tile = shared.dot
        tile.weights += first * inputs
        tile.bias += first
        tile.rounding.scale += first
        tile.output = shared.dot.output.map { $0 + first }
        tile.floats = shared.dot.floats.map { $0 + first }
        tile.rows = Int64(min(rows, outputs - first))
        body(tile)
      }
    }
  }

  private struct Whole: @unchecked Sendable { let dot: cnn_u8_dot }

  /// Each row's sum, as its product with ones: exact as a float, being less than 2²⁴.
  private static func rowSums(
    _ weights: Tensor, _ kernel: Kernel.Dot8, threads: Int
  ) throws -> [Float] {
    let outputs = weights.shape[0]
    let sums = try AlignedFloats(uninitialized: outputs)
    var whole = cnn_u8_dot()
    whole.rounding = .floats(.none)
    whole.floats = sums.address
    whole.images = 1
    let ones = [UInt8](repeating: 1, count: weights.shape[1])
    let factors = [Float](repeating: 1, count: outputs)
    let biases = [Int32](repeating: 0, count: outputs)
    ones.withUnsafeBufferPointer { ones in
      factors.withUnsafeBufferPointer { factors in
        biases.withUnsafeBufferPointer { biases in
          (whole.inputs, whole.bias) = (ones.baseAddress, biases.baseAddress)
          whole.rounding.scale = factors.baseAddress
          let product = Whole(dot: whole)
          ThreadTeam.with(threads: threads) { multiply(weights, product.dot, kernel, $0) }
        }
      }
    }
    return Array(UnsafeBufferPointer(start: sums.address, count: outputs))
  }
}
