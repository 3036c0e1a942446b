import CKernels
import Inference
import TestSupport
import Testing

private let kernels = Kernel.all.filter { ISA.available.contains($0.isa) }

@Suite("Every int8 kernel against its formula, next to guard pages")
struct QuantizedKernelTests: RoundingToBytes {
  @Test("Inner products of every tile size", arguments: GuardSide.allCases)
  func dot(side: GuardSide) {
    for kernel in kernels {
      guard case .dot8(let run, let rows, let images) = kernel.function else { continue }
      for depth in [1, 3, 4, 15, 16, 31, 33, 63, 64, 65, 130] {
        for (m, n) in [(1, 1), (rows, images), (rows + 1, images + 1), (2 * rows - 1, 2)] {
          checkRows(kernel.name, depth: depth, rows: m, images: n, side) { tile in run(&tile) }
        }
      }
    }
  }

  @Test("Products of every tile size with prepared images", arguments: GuardSide.allCases)
  func product(side: GuardSide) {
    for kernel in kernels {
      guard case .product8(let product) = kernel.function else { continue }
      for depth in [1, 3, 4, 63, 64, 65, 130, 255, 256, 257, 513] {
        for m in [1, 15, 16, 17, product.rows, product.rows + 1] {
          for n in [1, 16, 17, product.images, product.images + 1] {
            checkRows(kernel.name, depth: depth, rows: m, images: n, side) { tile in
              multiply(product, &tile, side)
            }
          }
        }
      }
    }
  }

  /// Prepares the images of a product block by block, and runs it.
  private func multiply(_ product: Kernel.Product8, _ dot: inout cnn_u8_dot, _ side: GuardSide) {
    let count = Int(dot.images), block = product.imagesOfBlock
    let size = product.blockSize(depth: Int(dot.depth)), blocks = (count + block - 1) / block
    let packed = Guarded<UInt8>(zeros: blocks * size, side)
    for index in 0..<blocks {
      var images = cnn_u8_pack_images()
      images.inputs = dot.inputs + index * block * Int(dot.input_stride)
      images.packed = packed.address + index * size
      (images.input_stride, images.depth) = (dot.input_stride, dot.depth)
      images.images = Int64(min(block, count - index * block))
      product.pack(&images)
    }
    var tile = cnn_u8_product()
    (tile.dot, tile.packed) = (dot, UnsafePointer(packed.address))
    tile.dot.inputs = nil
    product.run(&tile)
  }

  private func checkRows(
    _ name: String, depth: Int, rows: Int, images: Int, _ side: GuardSide,
    _ run: (inout cnn_u8_dot) -> Void
  ) {
    var random = SeededGenerator(seed: UInt64(depth * 100 + rows * 10 + images))
    let w = bytes(rows * depth, Int8.min...127, &random)
    // Inputs of a padded row, of which the last has no padding.
    let pitch = depth + 3
    let x = bytes((images - 1) * pitch + depth, UInt8.min...255, &random)
    let b = bytes(rows, Int32(-9999)...9999, &random)
    let scales = (0..<rows).map { 0.001 + Float($0) * 0x1p-9 }
    let weights = Guarded(w, side), inputs = Guarded(x, side), bias = Guarded(b, side)
    let scale = Guarded(scales, side)
    let found = Guarded<UInt8>(zeros: images * rows, side)
    let floats = GuardedFloats(zeros: images * rows, side)
    var tile = cnn_u8_dot()
    tile.weights = UnsafePointer(weights.address)
    tile.inputs = UnsafePointer(inputs.address)
    tile.bias = UnsafePointer(bias.address)
    (tile.weight_stride, tile.input_stride) = (Int64(depth), Int64(pitch))
    (tile.depth, tile.rows, tile.images) = (Int64(depth), Int64(rows), Int64(images))
    tile.output_stride = Int64(rows)
    let expected = (0..<images * rows).map { place in
      let (image, row) = place.quotientAndRemainder(dividingBy: rows)
      let sum = (0..<depth).reduce(Int(b[row])) {
        $0 + Int(w[row * depth + $1]) * Int(x[image * pitch + $1])
      }
      return Float(sum) * scales[row]
    }
    for rounding in roundings {
      tile.rounding = rounding
      tile.rounding.scale = UnsafePointer(scale.address)
      (tile.output, tile.floats) = (found.address, nil)
      run(&tile)
      (tile.output, tile.floats) = (nil, floats.address)
      run(&tile)
      #expect(found.values == expected.map { rounded($0, rounding) }, "\(name) \(depth)")
      #expect(floats.values == expected.map { limited($0, rounding) }, "\(name) \(depth)")
    }
  }

  @Test("Poolings, sums and tables over odd numbers of channels", arguments: GuardSide.allCases)
  func maps(side: GuardSide) {
    for kernel in kernels {
      guard case .maps8(let maps) = kernel.function else { continue }
      for channels in [1, 3, 16, 63, 64, 65, 129] {
        for rounding in roundings {
          checkWindows(kernel.name, maps, channels, rounding, side)
          checkSum(kernel.name, maps, channels, rounding, side)
          checkElements(kernel.name, maps, channels, rounding, side)
        }
      }
    }
  }

  /// A 2×3 window that fills its image.
  private func checkWindows(
    _ name: String, _ maps: Kernel.Maps8, _ channels: Int, _ rounding: cnn_u8_rounding,
    _ side: GuardSide
  ) {
    var random = SeededGenerator(seed: UInt64(channels))
    let x = bytes(6 * channels, UInt8.min...255, &random)
    let input = Guarded(x, side), found = Guarded<UInt8>(zeros: channels, side)
    let scratch = Guarded<Int32>(zeros: channels, side)
    var window = cnn_u8_window()
    window.input = UnsafePointer(input.address)
    window.output = found.address
    (window.rows, window.columns, window.channels) = (2, 3, Int64(channels))
    window.row_stride = Int64(3 * channels)
    (window.input_zero, window.scale) = (5, 0.3)
    window.rounding = rounding
    window.scratch = scratch.address
    maps.maximum(&window)
    let columns = (0..<channels).map { c in (0..<6).map { Int(x[$0 * channels + c]) } }
    #expect(found.values == columns.map { UInt8($0.max() ?? 0) }, "\(name) \(channels)")
    maps.average(&window)
    let means = columns.map { rounded(Float($0.reduce(-30, +)) * 0.3, window.rounding) }
    #expect(found.values == means, "\(name) \(channels)")
  }

  private func checkSum(
    _ name: String, _ maps: Kernel.Maps8, _ count: Int, _ rounding: cnn_u8_rounding,
    _ side: GuardSide
  ) {
    var random = SeededGenerator(seed: UInt64(count) + 50)
    let inputs = (0..<3).map { _ in Guarded(bytes(count, UInt8.min...255, &random), side) }
    let found = Guarded<UInt8>(zeros: count, side)
    let scales: [Float] = [0.5, 0.3, 0.7], zeros: [Int32] = [0, 7, 255]
    var sum = cnn_u8_add()
    let addresses = inputs.map { UnsafePointer<UInt8>?($0.address) }
    addresses.withUnsafeBufferPointer { addresses in
      scales.withUnsafeBufferPointer { scales in
        zeros.withUnsafeBufferPointer { zeros in
          (sum.inputs, sum.scales, sum.zeros) = (
            addresses.baseAddress, scales.baseAddress, zeros.baseAddress
          )
          (sum.count, sum.elements, sum.output) = (3, Int64(count), found.address)
          sum.rounding = rounding
          maps.add(&sum)
        }
      }
    }
    let expected = (0..<count).map { index in
      let terms = (0..<3).map { Float(Int32(inputs[$0].values[index]) - zeros[$0]) * scales[$0] }
      return rounded(terms[0] + terms[1] + terms[2], sum.rounding)
    }
    #expect(found.values == expected, "\(name) \(count)")
  }

  /// Three pixels, next to each other.
  private func checkElements(
    _ name: String, _ maps: Kernel.Maps8, _ channels: Int, _ rounding: cnn_u8_rounding,
    _ side: GuardSide
  ) {
    var random = SeededGenerator(seed: UInt64(channels) + 90)
    let pixels = 3, count = pixels * channels
    let x = bytes(count, UInt8.min...255, &random), table = bytes(256, UInt8.min...255, &random)
    let f = random.floats(channels, -0.5...0.5), s = random.floats(channels, -20...90)
    let input = Guarded(x, side), found = Guarded<UInt8>(zeros: count, side)
    let lookup = Guarded(table, side), factors = Guarded(f, side), shifts = Guarded(s, side)
    let planes = GuardedFloats(zeros: count, side)
    var map = cnn_u8_map()
    map.input = UnsafePointer(input.address)
    map.output = found.address
    map.planes = planes.address
    (map.plane_stride, map.pixels, map.channels) = (Int64(pixels), Int64(pixels), Int64(channels))
    (map.input_stride, map.output_stride) = (Int64(channels), Int64(channels))
    (map.input_zero, map.scale) = (9, 0.7)
    map.table = UnsafePointer(lookup.address)
    (map.factors, map.shifts) = (UnsafePointer(factors.address), UnsafePointer(shifts.address))
    map.rounding = rounding
    maps.lookup(&map)
    #expect(found.values == x.map { table[Int($0)] }, "\(name) \(channels)")
    maps.scale(&map)
    let scaled = x.indices.map { index in
      rounded(
        Float(Int(x[index]) - 9) * f[index % channels] + s[index % channels], map.rounding)
    }
    #expect(found.values == scaled, "\(name) \(channels)")
    maps.transpose(&map)
    let places = (0..<count).map { $0 % pixels * channels + $0 / pixels }
    #expect(found.values == places.map { x[$0] }, "\(name) \(channels)")
    maps.dequantize(&map)
    let floats = places.map { Float(Int(x[$0]) - 9) * 0.7 }
    #expect(planes.values == floats, "\(name) \(channels)")
    map.floats = UnsafePointer(planes.address)
    maps.quantize(&map)
    let quantized = x.map { rounded(Float(Int($0) - 9) * 0.7 / 0.7, map.rounding) }
    #expect(found.values == quantized, "\(name) \(channels)")
  }
}
