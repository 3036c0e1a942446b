import CHDF5

extension HDF5 {
  /// An open file.
  final class File: Handle {
    /// Opens for reading, without locking the file.
    ///
    /// - Parameter path: The file.
    /// - Throws: `HDF5Failure`.
    init(reading path: String) throws {
      let access = try Self.access()
      try super.init(
        H5Fopen(path, hdf5_read_only(), access.id), "open the file", closing: H5Fclose)
    }

    /// Creates an empty file with a user block, in HDF5 1.8's format, where no object carries times.
    ///
    /// - Parameters:
    ///   - path: The file; what it holds is lost.
    ///   - userBlock: The bytes before HDF5's own, a power of two from 512.
    /// - Throws: `HDF5Failure`.
    init(creating path: String, userBlock: Int) throws {
      let access = try Self.access()
      let creation = try PropertyList(
        hdf5_file_create(),
        { H5Pset_userblock($0, hsize_t(userBlock)) },
        { H5Pset_obj_track_times($0, false) },
        { H5Pset_link_phase_change($0, Group.compactLinks, Group.compactLinks) },
        { H5Pset_attr_phase_change($0, Group.compactAttributes, Group.compactAttributes) })
      try super.init(
        H5Fcreate(path, hdf5_truncate(), creation.id, access.id), "create the file",
        closing: H5Fclose)
    }

    /// Opens for writing objects into.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - metadataBlock: The bytes set aside together for all but the datasets' elements.
    ///   - alignment: The datasets' alignment in bytes.
    /// - Throws: `HDF5Failure`.
    init(updating path: String, metadataBlock: Int, alignment: Int) throws {
      let access = try Self.access()
      try HDF5.check(H5Pset_alignment(access.id, 1, hsize_t(alignment)), "set the alignment")
      try HDF5.check(
        H5Pset_meta_block_size(access.id, hsize_t(metadataBlock)), "set the metadata's block")
      try HDF5.check(H5Pset_small_data_block_size(access.id, 0), "set the data's block")
      try super.init(
        H5Fopen(path, hdf5_read_write(), access.id), "open the new file", closing: H5Fclose)
    }

    /// The root group.
    ///
    /// - Returns: The group, open.
    /// - Throws: `HDF5Failure`.
    func root() throws -> Group { try Group(opening: "/", in: self) }

    /// Writes all that is pending.
    ///
    /// - Throws: `HDF5Failure`, with the system's message where there is one.
    func flush() throws { try HDF5.check(H5Fflush(id, H5F_SCOPE_LOCAL), "write the file") }

    /// The bytes before HDF5's own, and whether addresses in the file take eight bytes.
    ///
    /// - Returns: Both.
    /// - Throws: `HDF5Failure`.
    func layout() throws -> (userBlock: Int, hasWideAddresses: Bool) {
      let list = try PropertyList(owning: H5Fget_create_plist(id), "read the file's layout")
      var userBlock: hsize_t = 0
      var addressSize = 0
      var lengthSize = 0
      try HDF5.check(H5Pget_userblock(list.id, &userBlock), "read the user block's length")
      try HDF5.check(H5Pget_sizes(list.id, &addressSize, &lengthSize), "read the address size")
      return (Int(clamping: userBlock), addressSize == 8 && lengthSize == 8)
    }

    /// The format of HDF5 1.8, which all later libraries read; no locks of the library's own, since
    /// a sealed file never changes; every object closed with the file.
    private static func access() throws -> PropertyList {
      try PropertyList(
        hdf5_file_access(),
        { H5Pset_libver_bounds($0, H5F_LIBVER_V18, H5F_LIBVER_V18) },
        { H5Pset_fclose_degree($0, H5F_CLOSE_STRONG) },
        { H5Pset_file_locking($0, false, true) })
    }
  }
}
