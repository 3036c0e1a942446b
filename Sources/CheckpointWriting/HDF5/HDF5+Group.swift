import CHDF5
import Checkpoints

extension HDF5 {
  /// An open group.
  final class Group: Handle {
    /// Links and attributes that a new object keeps in its header, where a reader finds them
    /// without further structures: more than any checkpoint has.
    static let compactLinks: UInt32 = 60_000
    /// See `compactLinks`.
    static let compactAttributes: UInt32 = 64

    /// Opens a group.
    ///
    /// - Parameters:
    ///   - name: The name of a hard link, or `/`.
    ///   - parent: The file or group that has the link.
    /// - Throws: `HDF5Failure`.
    init(opening name: String, in parent: Handle) throws {
      try super.init(
        H5Gopen2(parent.id, name, hdf5_default()), "open group '\(name)'", closing: H5Gclose)
    }

    /// Creates a group.
    ///
    /// - Parameters:
    ///   - name: Its name, UTF-8.
    ///   - parent: The group it lies in.
    ///   - links: The number of links that it will have, and the bytes of their longest name, so that
    ///     its header is made large enough at once.
    /// - Throws: `HDF5Failure`.
    init(creating name: String, in parent: Group, links: (count: Int, nameLength: Int)) throws {
      let creation = try PropertyList(
        hdf5_group_create(),
        { H5Pset_obj_track_times($0, false) },
        { H5Pset_est_link_info($0, UInt32(links.count), UInt32(links.nameLength)) },
        { H5Pset_link_phase_change($0, Self.compactLinks, Self.compactLinks) },
        { H5Pset_attr_phase_change($0, Self.compactAttributes, Self.compactAttributes) })
      let link = try Self.linkCreation()
      try super.init(
        H5Gcreate2(parent.id, name, link.id, creation.id, hdf5_default()),
        "create group '\(name)'", closing: H5Gclose)
    }

    /// The properties of a link whose name is UTF-8.
    static func linkCreation() throws -> PropertyList {
      try PropertyList(hdf5_link_create(), { H5Pset_char_encoding($0, H5T_CSET_UTF8) })
    }

    /// The group's links, none of them followed, in the byte order of their names.
    ///
    /// - Parameter limit: The most links; a group with more gives one above it.
    /// - Returns: The links.
    /// - Throws: `HDF5Failure`.
    func links(limit: Int) throws -> [LinkDescription] {
      struct Walk {
        var links: [LinkDescription] = []
        let limit: Int
      }
      var walk = Walk(limit: limit)
      let status = withUnsafeMutablePointer(to: &walk) { pointer in
        hdf5_each_link(
          id,
          { _, name, link, context in
            guard let walk = context?.assumingMemoryBound(to: Walk.self), let name, let link else {
              return -1
            }
            walk.pointee.links.append(
              LinkDescription(name: String(cString: name), kind: .init(link.pointee.type)))
            return walk.pointee.links.count > walk.pointee.limit ? 1 : 0
          }, pointer)
      }
      try HDF5.check(status, "list a group")
      return walk.links.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// What a hard link leads to.
    ///
    /// - Parameter name: The name of a hard link of this group.
    /// - Returns: The object's type, address and number of attributes.
    /// - Throws: `HDF5Failure`.
    func target(of name: String) throws -> ObjectDescription {
      var type = H5O_TYPE_UNKNOWN
      var address: haddr_t = 0
      var attributes: hsize_t = 0
      try HDF5.check(
        hdf5_object_info(id, name, &type, &address, &attributes), "look at object '\(name)'")
      return ObjectDescription(
        kind: .init(type), address: UInt64(address), attributeCount: Int(clamping: attributes))
    }
  }
}

extension LinkDescription.Kind {
  /// The library's number for it.
  fileprivate init(_ type: H5L_type_t) {
    switch type {
    case H5L_TYPE_HARD: self = .hard
    case H5L_TYPE_SOFT: self = .soft
    case H5L_TYPE_EXTERNAL: self = .external
    default: self = .other
    }
  }
}

extension ObjectDescription.Kind {
  /// The library's number for it.
  fileprivate init(_ type: H5O_type_t) {
    switch type {
    case H5O_TYPE_GROUP: self = .group
    case H5O_TYPE_DATASET: self = .dataset
    default: self = .other
    }
  }
}
