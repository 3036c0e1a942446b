import CHDF5

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension HDF5 {
  /// An open attribute of a group or a dataset.
  final class Attribute: Handle {
    /// Opens an attribute.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - owner: The group or dataset.
    /// - Returns: The attribute, or nil where there is none of that name.
    /// - Throws: `HDF5Failure`.
    static func find(_ name: String, of owner: Handle) throws -> Attribute? {
      let found = H5Aexists(owner.id, name)
      try HDF5.check(found, "look for attribute '\(name)'")
      guard found > 0 else { return nil }
      return try Attribute(
        H5Aopen(owner.id, name, hdf5_default()), "open attribute '\(name)'", closing: H5Aclose)
    }

    /// Writes a new attribute.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - owner: The group or dataset.
    ///   - type: The values' type, in the file as in memory.
    ///   - shape: The extents; none make a scalar.
    ///   - values: The first value.
    /// - Throws: `HDF5Failure`.
    static func write(
      _ name: String, of owner: Handle, type: hid_t, shape: [Int] = [], values: UnsafeRawPointer
    ) throws {
      let space = try Dataspace(shape)
      let creation = try PropertyList(
        hdf5_attribute_create(), { H5Pset_char_encoding($0, H5T_CSET_UTF8) })
      let attribute = try Attribute(
        H5Acreate2(owner.id, name, type, space.id, creation.id, hdf5_default()),
        "create attribute '\(name)'", closing: H5Aclose)
      try HDF5.check(H5Awrite(attribute.id, type, values), "write attribute '\(name)'")
    }

    /// The values' type.
    ///
    /// - Returns: The type, open.
    /// - Throws: `HDF5Failure`.
    func datatype() throws -> Datatype { try Datatype(owning: H5Aget_type(id)) }

    /// The extents; nil where there are none or they are beyond `Int`.
    ///
    /// - Returns: The extents, outermost first.
    /// - Throws: `HDF5Failure`.
    func extents() throws -> [Int]? { try Dataspace(owning: H5Aget_space(id)).shape }

    /// Reads numbers, converted to a type of memory.
    ///
    /// - Parameters:
    ///   - type: The type in memory, that of `initial`.
    ///   - count: How many there are.
    ///   - initial: What the memory holds first.
    /// - Returns: The numbers.
    /// - Throws: `HDF5Failure`.
    func numbers<Number: BitwiseCopyable>(as type: hid_t, count: Int, initial: Number) throws
      -> [Number]
    {
      var values = [Number](repeating: initial, count: count)
      try HDF5.check(H5Aread(id, type, &values), "read an attribute")
      return values
    }

    /// Reads one text of variable length.
    ///
    /// - Returns: The text's bytes.
    /// - Throws: `HDF5Failure`.
    func variableText() throws -> ArraySlice<UInt8>? {
      let type = try Datatype.text()
      // The file's character set is kept: the library does not convert between ASCII and UTF-8.
      let stored = try datatype()
      try HDF5.check(H5Tset_cset(type.id, H5Tget_cset(stored.id)), "set a text's encoding")
      var text: UnsafeMutablePointer<CChar>?
      try HDF5.check(H5Aread(id, type.id, &text), "read an attribute")
      guard let text else { return [] }
      defer { H5free_memory(text) }
      return ArraySlice(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    /// Reads one text of fixed length.
    ///
    /// - Parameter type: The attribute's own type.
    /// - Returns: All its bytes, the padding included.
    /// - Throws: `HDF5Failure`.
    func fixedText(_ type: Datatype) throws -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: type.size)
      try HDF5.check(H5Aread(id, type.id, &bytes), "read an attribute")
      return bytes
    }
  }
}
