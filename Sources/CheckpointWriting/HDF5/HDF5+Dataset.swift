import CHDF5
import Checkpoints

extension HDF5 {
  /// An open dataset.
  final class Dataset: Handle {
    /// Opens a dataset.
    ///
    /// - Parameters:
    ///   - name: The name of a hard link.
    ///   - parent: The group that has the link.
    /// - Throws: `HDF5Failure`.
    init(opening name: String, in parent: Group) throws {
      try super.init(
        H5Dopen2(parent.id, name, hdf5_default()), "open dataset '\(name)'", closing: H5Dclose)
    }

    /// Creates a contiguous dataset whose place in the file is fixed and whose elements are not
    /// written.
    ///
    /// - Parameters:
    ///   - name: Its name, UTF-8.
    ///   - parent: The group it lies in.
    ///   - type: The elements' type.
    ///   - shape: The extents; none make a scalar.
    /// - Throws: `HDF5Failure`.
    init(creating name: String, in parent: Group, type: hid_t, shape: [Int]) throws {
      let space = try Dataspace(shape)
      let creation = try PropertyList(
        hdf5_dataset_create(),
        { H5Pset_layout($0, H5D_CONTIGUOUS) },
        { H5Pset_alloc_time($0, H5D_ALLOC_TIME_EARLY) },
        { H5Pset_fill_time($0, H5D_FILL_TIME_NEVER) },
        { H5Pset_obj_track_times($0, false) })
      let link = try Group.linkCreation()
      try super.init(
        H5Dcreate2(parent.id, name, type, space.id, link.id, creation.id, hdf5_default()),
        "create dataset '\(name)'", closing: H5Dclose)
    }

    /// The elements' type.
    ///
    /// - Returns: The type, open.
    /// - Throws: `HDF5Failure`.
    func datatype() throws -> Datatype { try Datatype(owning: H5Dget_type(id)) }

    /// The extents; ask only once the layout is known to be in this file.
    ///
    /// - Returns: The extents, outermost first; nil where they are absent or beyond `Int`.
    /// - Throws: `HDF5Failure`.
    func extents() throws -> [Int]? { try Dataspace(owning: H5Dget_space(id)).shape }

    /// The first element's place in the file, the user block included; nil where none is set.
    var offset: Int? {
      let address = H5Dget_offset(id)
      return address == hdf5_undefined_address() ? nil : Int(exactly: address)
    }

    /// The bytes that the elements take in the file.
    var storedByteCount: Int { Int(clamping: H5Dget_storage_size(id)) }

    /// How elements lie in the file.
    ///
    /// - Returns: The kind of storage.
    /// - Throws: `HDF5Failure`.
    func layout() throws -> ElementStorage {
      let list = try PropertyList(owning: H5Dget_create_plist(id), "read the storage")
      let external = H5Pget_external_count(list.id)
      try HDF5.check(external, "count the external files")
      guard external == 0 else { return .other("external files") }
      switch H5Pget_layout(list.id) {
      case H5D_CONTIGUOUS: return .contiguous
      case H5D_CHUNKED: return try chunks(list)
      case H5D_COMPACT: return .other("compact storage")
      case H5D_VIRTUAL: return .other("a virtual layout over other datasets")
      default: return .other("storage of an unknown kind")
      }
    }

    private func chunks(_ list: PropertyList) throws -> ElementStorage {
      var extents = [hsize_t](repeating: 0, count: Int(H5S_MAX_RANK))
      let rank = H5Pget_chunk(list.id, H5S_MAX_RANK, &extents)
      try HDF5.check(rank, "read the chunks' extents")
      var bytes = try datatype().size
      for extent in extents.prefix(Int(rank)) {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: Int(clamping: extent))
        bytes = overflow ? Int.max : product
      }
      let count = H5Pget_nfilters(list.id)
      try HDF5.check(count, "count the filters")
      let filters = try (0..<UInt32(count)).map { index in
        var flags: UInt32 = 0
        var values = 0
        let filter = H5Pget_filter2(list.id, index, &flags, &values, nil, 0, nil, nil)
        try HDF5.check(filter, "read a filter")
        return filter
      }
      return .chunked(bytes: bytes, filters: filters)
    }

    /// Reads every element, converted.
    ///
    /// - Parameters:
    ///   - type: The elements' type in memory.
    ///   - destination: Memory for all of them.
    /// - Throws: `HDF5Failure`.
    func read(as type: hid_t, into destination: UnsafeMutableRawPointer) throws {
      try HDF5.check(
        H5Dread(id, type, hdf5_all(), hdf5_all(), hdf5_default(), destination), "read a dataset")
    }
  }
}
