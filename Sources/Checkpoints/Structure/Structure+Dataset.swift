import Tensors

extension Structure {
  /// A dataset: where and how its elements lie.
  struct Dataset: DatasetSource {
    let type: HDF5Type
    let shape: [Int]?
    let storage: ElementStorage
    let offset: Int?
    let storedByteCount: Int

    /// Reads a dataset's messages.
    ///
    /// - Parameters:
    ///   - object: The dataset's header.
    ///   - structure: The file.
    /// - Throws: `HDF5Failure`.
    init(_ object: Object, in structure: Structure) throws {
      guard let type = try object.body(.datatype), let space = try object.body(.dataspace),
        let layout = try object.body(.layout)
      else { throw Structure.failure("a dataset lacks its type, its extents or its place") }
      self.type = try HDF5Type(type)
      shape = try Structure.extents(space)
      var cursor = ByteCursor(layout)
      let version = try cursor.byte()
      let kind = try cursor.byte()
      storage = Self.storage(object, version: version, kind: kind)
      guard storage == .contiguous else {
        (offset, storedByteCount) = (nil, 0)
        return
      }
      let address = try cursor.number(8)
      storedByteCount = Int(clamping: try cursor.number(8))
      let place = Int(clamping: address).addingReportingOverflow(structure.base)
      offset = address == Structure.undefinedAddress || place.overflow ? nil : place.partialValue
    }

    /// Elements are copied and converted only by an import, which libhdf5 parses.
    func read(as element: Tensor.Element, into destination: UnsafeMutableRawPointer) throws {
      throw Structure.foreign("elements that must be converted")
    }

    /// The layout (§IV.A.2.i, versions 3 and 4) and what goes before it.
    private static func storage(_ object: Object, version: UInt8, kind: UInt8) -> ElementStorage {
      if object.has(.externalFiles) { return .other("external files") }
      guard version == 3 || version == 4 else { return .other("storage of an old version") }
      switch kind {
      case 0: return .other("compact storage")
      case 1: return object.has(.filters) ? .other("filters without chunks") : .contiguous
      // The filters' numbers are of no interest: none is accepted.
      case 2: return .chunked(bytes: 0, filters: object.has(.filters) ? [0] : [])
      case 3: return .other("a virtual layout over other datasets")
      default: return .other("storage of an unknown kind")
      }
    }
  }
}
