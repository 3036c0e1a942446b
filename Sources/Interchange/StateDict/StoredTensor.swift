import Tensors

/// A tensor of a file that has been found and checked but not yet read.
package struct StoredTensor {
  package let name: String
  package let shape: [Int]
  package let element: StoredElement
  let source: ByteSource
  /// Where it lies; its length is that of shape and element type, inside the source.
  let range: Range<Int>

  /// Reads a float tensor, whatever its precision, as float32.
  ///
  /// - Throws: `InterchangeError.unsupportedElement`, or `.notFinite` with the first bad element.
  func floats() throws -> Tensor {
    let storage = try TensorStorage(
      byteCount: range.count / element.size * 4, initializingWith: writeFloats)
    let tensor = Tensor(shape: shape, element: .float32, storage: storage)
    if let index = tensor.withFloats({ $0.firstIndex { !$0.isFinite } }) {
      throw InterchangeError.notFinite(path: source.path, tensor: name, index: index)
    }
    return tensor
  }

  private func writeFloats(to target: UnsafeMutableRawBufferPointer) throws {
    switch element {
    case .float32: try source.copy(range, to: target)
    case .float16: try convert(to: target) { (bits: UInt16) in Float(halfBits: bits) }
    case .bfloat16:
      try convert(to: target) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .float64:
      try convert(to: target) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    case .bool, .uint8, .int8, .float8e5m2, .float8e4m3, .float8e8m0, .int16, .uint16, .int32,
      .uint32, .int64, .uint64, .complex64:
      throw InterchangeError.unsupportedElement(
        path: source.path, tensor: name, element: element.rawValue)
    }
  }

  /// Reads an int8 tensor.
  func bytes() throws -> Tensor {
    let storage = try TensorStorage(byteCount: range.count) { try source.copy(range, to: $0) }
    return Tensor(shape: shape, element: .int8, storage: storage)
  }

  /// Reads int32 values.
  func integers() throws -> [Int32] {
    let bytes = try source.bytes(range)
    return bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / 4).map {
        buffer.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)
      }
    }
  }

  /// Converts in pieces, so that the file's copy never doubles the memory.
  private func convert<Bits: FixedWidthInteger & BitwiseCopyable>(
    to target: UnsafeMutableRawBufferPointer, _ value: (Bits) -> Float
  ) throws {
    var written = 0
    try forEach { (bits: Bits) in
      target.storeBytes(of: value(bits), toByteOffset: written, as: Float.self)
      written += 4
    }
  }

  /// Calls a closure with each element's bits, which are read a piece at a time.
  func forEach<Bits: FixedWidthInteger & BitwiseCopyable>(_ body: (Bits) -> Void) throws {
    let piece = 1 << 20
    var read = range.lowerBound
    while read < range.upperBound {
      let bytes = try source.bytes(read..<min(range.upperBound, read + piece))
      bytes.withUnsafeBytes { buffer in
        for index in 0..<buffer.count / MemoryLayout<Bits>.size {
          body(
            Bits(
              littleEndian: buffer.loadUnaligned(
                fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)))
        }
      }
      read += bytes.count
    }
  }
}

extension Float {
  /// The value of an IEEE 754 half, exactly; `Float16` is not on every platform.
  init(halfBits bits: UInt16) {
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Float(bits & 0x3FF)
    let magnitude: Float =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? .infinity : .nan
      default: Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
      }
    self = bits & 0x8000 == 0 ? magnitude : -magnitude
  }
}
