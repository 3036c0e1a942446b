import CHDF5

extension HDF5 {
  /// An identifier of the library, closed with its last reference.
  class Handle {
    /// The identifier.
    let id: hid_t
    private let closing: (hid_t) -> herr_t
    private var isOpen = true

    /// Takes over an identifier.
    ///
    /// - Parameters:
    ///   - id: What a call of the library returned.
    ///   - operation: What the call was to do, for messages.
    ///   - closing: The function that closes it.
    /// - Throws: `HDF5Failure` where the call failed.
    init(
      _ id: hid_t, _ operation: @autoclosure () -> String, closing: @escaping (hid_t) -> herr_t
    ) throws {
      try HDF5.check(id, operation())
      self.id = id
      self.closing = closing
    }

    /// Closes now, so that a failure is heard of.
    ///
    /// - Parameter operation: What closing means, for messages.
    /// - Throws: `HDF5Failure` where closing failed.
    func close(_ operation: String) throws {
      guard isOpen else { return }
      isOpen = false
      try HDF5.check(closing(id), operation)
    }

    deinit {
      if isOpen { _ = closing(id) }
    }
  }

  /// A property list.
  final class PropertyList: Handle {
    /// An empty list of a class, filled in.
    ///
    /// - Parameters:
    ///   - kind: The class.
    ///   - settings: Calls that set properties, each giving its status.
    /// - Throws: `HDF5Failure`.
    init(_ kind: hid_t, _ settings: ((hid_t) -> herr_t)...) throws {
      try super.init(H5Pcreate(kind), "create a property list", closing: H5Pclose)
      for setting in settings { try HDF5.check(setting(id), "set a property") }
    }

    /// A list that the library made.
    init(owning id: hid_t, _ operation: String) throws {
      try super.init(id, operation, closing: H5Pclose)
    }
  }

  /// A dataspace: the extents of a dataset or an attribute.
  final class Dataspace: Handle {
    /// A dataspace that the library made.
    init(owning id: hid_t) throws {
      try super.init(id, "read the extents", closing: H5Sclose)
    }

    /// New extents, outermost first; none make a scalar.
    init(_ shape: [Int]) throws {
      let dimensions = shape.map { hsize_t($0) }
      let id =
        shape.isEmpty
        ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(shape.count), dimensions, nil)
      try super.init(id, "describe the extents", closing: H5Sclose)
    }

    /// The extents, outermost first; nil where there are none (a null dataspace) or they pass
    /// `Int`'s range.
    var shape: [Int]? {
      guard H5Sget_simple_extent_type(id) != H5S_NULL else { return nil }
      let rank = H5Sget_simple_extent_ndims(id)
      guard rank >= 0 else { return nil }
      var dimensions = [hsize_t](repeating: 0, count: Int(rank))
      guard H5Sget_simple_extent_dims(id, &dimensions, nil) >= 0 else { return nil }
      let shape = dimensions.compactMap { Int(exactly: $0) }
      return shape.count == dimensions.count ? shape : nil
    }
  }
}
