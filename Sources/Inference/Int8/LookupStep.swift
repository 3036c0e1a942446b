import CKernels

extension Int8Form {
  /// A function of each number, or another grid.
  ///
  /// - Parameters:
  ///   - table: The result of each of the 256 numbers.
  ///   - name: The function's name.
  ///   - grid: The grid of the results.
  /// - Returns: The form.
  static func lookup(_ table: [UInt8], name: String, to grid: Grid) -> Int8Form {
    Int8Form(to: grid) {
      LookupStep(
        table: table, name: name, count: $0.elementCount, kernels: $0.kernels, input: $0.input,
        output: $0.output)
    }
  }
}

private struct LookupStep: Step {
  let table: [UInt8]
  let name: String
  let count: Int
  let kernels: KernelSet
  let input, output: Location

  var algorithm: String { "\(name) by table" }

  func run(_ frame: Frame) {
    table.withUnsafeBufferPointer { table in
      let table = Table(address: table.baseAddress)
      frame.tiles(items: count, work: 1) { image, elements, _ in
        var map = cnn_u8_map()
        map.table = table.address
        map.input = frame.readBytes(input, image: image) + elements.lowerBound
        map.output = frame.writeBytes(output, image: image) + elements.lowerBound
        (map.pixels, map.channels) = (1, Int64(elements.count))
        kernels.maps8.lookup(&map)
      }
    }
  }

  private struct Table: @unchecked Sendable { let address: UnsafePointer<UInt8>? }
}
