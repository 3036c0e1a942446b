import CHDF5

extension HDF5 {
  /// The type of a dataset's or an attribute's elements.
  final class Datatype: Handle {
    /// A type that the library made.
    init(owning id: hid_t) throws {
      try super.init(id, "read the type", closing: H5Tclose)
    }

    /// UTF-8 text of a fixed number of bytes, filled up with zeros.
    static func text(byteCount: Int) throws -> Datatype {
      let type = try Datatype(owning: H5Tcopy(hdf5_c_string()))
      try HDF5.check(H5Tset_size(type.id, byteCount), "set a text's length")
      try HDF5.check(H5Tset_strpad(type.id, H5T_STR_NULLPAD), "set a text's padding")
      try HDF5.check(H5Tset_cset(type.id, H5T_CSET_UTF8), "set a text's encoding")
      return type
    }

    /// UTF-8 text of any length.
    static func text() throws -> Datatype {
      let type = try Datatype(owning: H5Tcopy(hdf5_c_string()))
      try HDF5.check(H5Tset_size(type.id, hdf5_variable_length()), "set a text's length")
      try HDF5.check(H5Tset_cset(type.id, H5T_CSET_UTF8), "set a text's encoding")
      return type
    }

    /// The enumeration that h5py reads as a Boolean.
    static func boolean() throws -> Datatype {
      let type = try Datatype(owning: H5Tenum_create(hdf5_int8()))
      for (name, value) in [("FALSE", Int8(0)), ("TRUE", Int8(1))] {
        try withUnsafePointer(to: value) {
          try HDF5.check(H5Tenum_insert(type.id, name, $0), "describe a Boolean")
        }
      }
      return type
    }

    /// Whether this is the type of an identifier.
    func isSame(as other: hid_t) -> Bool { H5Tequal(id, other) > 0 }

    /// Bytes an element in the file. The library tells a pointer's size for texts of variable length,
    /// which are a length, an address and a number there.
    var size: Int { isVariableText ? 16 : H5Tget_size(id) }

    /// Whether elements are integers, enumerations of them included.
    var isInteger: Bool {
      let kind = H5Tget_class(id)
      return (kind == H5T_INTEGER || kind == H5T_ENUM) && (1...8).contains(size)
    }

    /// Whether elements are floating-point numbers of at most eight bytes.
    var isFloat: Bool { H5Tget_class(id) == H5T_FLOAT && (1...8).contains(size) }

    /// Whether elements are texts.
    var isText: Bool { H5Tget_class(id) == H5T_STRING }

    /// Whether texts are of variable length.
    var isVariableText: Bool { isText && H5Tis_variable_str(id) > 0 }

    /// Whether texts are filled up with spaces, as Fortran does.
    var isSpacePadded: Bool { isText && H5Tget_strpad(id) == H5T_STR_SPACEPAD }

    /// The type in words: `float64, big-endian`.
    var summary: String {
      let bits = size &* 8
      let order = H5Tget_order(id) == H5T_ORDER_BE ? ", big-endian" : ""
      switch H5Tget_class(id) {
      case H5T_INTEGER:
        return (H5Tget_sign(id) == H5T_SGN_NONE ? "uint" : "int") + "\(bits)\(order)"
      case H5T_FLOAT: return "float\(bits)\(order)"
      case H5T_STRING: return "text"
      case H5T_ENUM: return "an enumeration"
      case H5T_COMPOUND: return "a compound"
      case H5T_VLEN: return "sequences"
      case H5T_REFERENCE: return "references"
      case H5T_ARRAY: return "arrays"
      default: return "another type"
      }
    }
  }
}
