import CHDF5
import Checkpoints
import Tensors

// An import reads through libhdf5, in a process that may crash.

extension HDF5.Group: GroupSource {
  func group(_ name: String) throws -> any GroupSource {
    try HDF5.Group(opening: name, in: self)
  }

  func dataset(_ name: String) throws -> any DatasetSource {
    try HDF5.Dataset(opening: name, in: self)
  }

  func attribute(_ name: String) throws -> (any AttributeSource)? {
    try HDF5.Attribute.find(name, of: self)
  }
}

extension HDF5.Dataset: DatasetSource {
  var type: HDF5Type { get throws { try datatype().description } }
  var shape: [Int]? { get throws { try extents() } }
  var storage: ElementStorage { get throws { try layout() } }

  func read(as element: Tensor.Element, into destination: UnsafeMutableRawPointer) throws {
    try read(
      as: element == .float32 ? hdf5_native_float() : hdf5_native_int8(), into: destination)
  }
}

extension HDF5.Attribute: AttributeSource {
  var type: HDF5Type { get throws { try datatype().description } }
  var shape: [Int]? { get throws { try extents() } }

  func floats(count: Int) throws -> [Float] {
    try numbers(as: hdf5_native_float(), count: count, initial: 0)
  }

  func signed() throws -> Int64 { try numbers(as: hdf5_native_int64(), count: 1, initial: 0)[0] }

  func unsigned() throws -> UInt64 {
    try numbers(as: hdf5_native_uint64(), count: 1, initial: 0)[0]
  }

  func fixedText() throws -> [UInt8] { try fixedText(datatype()) }
}

extension HDF5.Datatype {
  /// The type, as far as a checkpoint has use for it.
  var description: HDF5Type {
    let isBigEndian = size > 1 && H5Tget_order(id) == H5T_ORDER_BE
    let isSigned = H5Tget_sign(id) != H5T_SGN_NONE
    switch H5Tget_class(id) {
    case H5T_INTEGER:
      return HDF5Type(
        kind: .integer(isNamed: false), size: size, isBigEndian: isBigEndian, isSigned: isSigned)
    case H5T_ENUM:
      return HDF5Type(
        kind: .integer(isNamed: true), size: size, isBigEndian: isBigEndian, isSigned: isSigned)
    case H5T_FLOAT where size <= 8:
      let standard = [
        hdf5_float32_le(), hdf5_float32_be(), hdf5_float64_le(), hdf5_float64_be(),
      ]
      return HDF5Type(
        kind: .float(isStandard: standard.contains(where: isSame)), size: size,
        isBigEndian: isBigEndian)
    case H5T_STRING where isVariableText: return HDF5Type(kind: .variableText, size: 16)
    case H5T_STRING:
      return HDF5Type(
        kind: .fixedText(isSpacePadded: H5Tget_strpad(id) == H5T_STR_SPACEPAD), size: size)
    case H5T_COMPOUND: return HDF5Type(kind: .other("a compound"), size: size)
    case H5T_VLEN: return HDF5Type(kind: .other("sequences"), size: size)
    case H5T_REFERENCE: return HDF5Type(kind: .other("references"), size: size)
    case H5T_ARRAY: return HDF5Type(kind: .other("arrays"), size: size)
    default: return HDF5Type(kind: .other("another type"), size: size)
    }
  }
}
