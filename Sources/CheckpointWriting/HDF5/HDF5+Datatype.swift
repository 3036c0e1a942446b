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

    /// Whether elements are texts.
    private var isText: Bool { H5Tget_class(id) == H5T_STRING }

    /// Whether texts are of variable length.
    var isVariableText: Bool { isText && H5Tis_variable_str(id) > 0 }
  }
}
