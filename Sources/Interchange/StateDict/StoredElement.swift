/// The element types of tensors in files, under safetensors' names.
public enum StoredElement: String, Sendable, CaseIterable {
  /// Truth values, one a byte.
  case bool = "BOOL"
  /// Unsigned bytes.
  case uint8 = "U8"
  /// Two's-complement bytes.
  case int8 = "I8"
  /// Eight-bit floats with five bits of exponent.
  case float8e5m2 = "F8_E5M2"
  /// Eight-bit floats with four bits of exponent.
  case float8e4m3 = "F8_E4M3"
  /// Eight-bit powers of two.
  case float8e8m0 = "F8_E8M0"
  /// Signed 16-bit integers.
  case int16 = "I16"
  /// Unsigned 16-bit integers.
  case uint16 = "U16"
  /// IEEE 754 half precision.
  case float16 = "F16"
  /// The upper half of a float32.
  case bfloat16 = "BF16"
  /// Signed 32-bit integers.
  case int32 = "I32"
  /// Unsigned 32-bit integers.
  case uint32 = "U32"
  /// IEEE 754 single precision.
  case float32 = "F32"
  /// IEEE 754 double precision.
  case float64 = "F64"
  /// Signed 64-bit integers.
  case int64 = "I64"
  /// Unsigned 64-bit integers.
  case uint64 = "U64"
  /// Pairs of float32.
  case complex64 = "C64"

  /// Bytes an element.
  public var size: Int {
    switch self {
    case .bool, .uint8, .int8, .float8e5m2, .float8e4m3, .float8e8m0: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .float64, .int64, .uint64, .complex64: 8
    }
  }

  /// The bytes of a tensor, or nil where an extent is negative or a product beyond 64 bits.
  ///
  /// - Parameter shape: The extents.
  /// - Returns: The product of the extents and the element's size.
  package func byteCount(of shape: [Int]) -> Int? {
    // Zeros last: an overflow of the other extents stays an error.
    var total = size
    for extent in shape where extent != 0 {
      let (product, overflow) = total.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow else { return nil }
      total = product
    }
    return shape.contains(0) ? 0 : total
  }
}
