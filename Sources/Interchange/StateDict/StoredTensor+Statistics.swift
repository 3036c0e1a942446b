import Tensors

extension StoredTensor {
  /// What the values are like, NaN and infinities counted; nil for pairs and eight-bit floats.
  func statistics() throws -> TensorStatistics? {
    switch element {
    case .float32: try gathered { (bits: UInt32) in Double(Float(bitPattern: bits)) }
    case .float64: try gathered { (bits: UInt64) in Double(bitPattern: bits) }
    case .float16: try gathered { (bits: UInt16) in Double(Float(halfBits: bits)) }
    case .bfloat16:
      try gathered { (bits: UInt16) in Double(Float(bitPattern: UInt32(bits) << 16)) }
    case .bool, .uint8: try gathered { (value: UInt8) in Double(value) }
    case .int8: try gathered { (value: Int8) in Double(value) }
    case .int16: try gathered { (value: Int16) in Double(value) }
    case .uint16: try gathered { (value: UInt16) in Double(value) }
    case .int32: try gathered { (value: Int32) in Double(value) }
    case .uint32: try gathered { (value: UInt32) in Double(value) }
    case .int64: try gathered { (value: Int64) in Double(value) }
    case .uint64: try gathered { (value: UInt64) in Double(value) }
    case .float8e5m2, .float8e4m3, .float8e8m0, .complex64: nil
    }
  }

  private func gathered<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ value: (Bits) -> Double
  ) throws -> TensorStatistics {
    var result = TensorStatistics()
    try forEach { result.add(value($0)) }
    return result
  }
}
