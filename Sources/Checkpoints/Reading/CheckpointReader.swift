import Networks

/// Reads the schema from an open HDF5 file, trusting nothing in it: links are looked at before they
/// are followed, storage and extents before they are read.
package final class CheckpointReader {
  /// The most links of one group: above the nodes of any network.
  package static let linkLimit = 20_000
  /// The most attributes of one object.
  static let attributeLimit = 64

  /// The mapped file.
  let file: MappedFile
  /// Its bytes, lent for as long as this reader is used.
  let bytes: UnsafeRawBufferPointer
  /// The root group: `Structure`'s, or libhdf5's where the file is imported.
  private let source: any GroupSource
  /// Bytes before HDF5's own, from which addresses in the file count.
  let userBlock: Int
  /// Marks of where floats may not be finite; nil where the file was not scanned.
  let scan: ContentScan?
  /// Whether the file is one of h5py's, to be imported: data may be copied and converted, and what
  /// has a default may be absent.
  let isImport: Bool
  private var visited: Set<UInt64> = []

  /// An open object's place.
  struct Place {
    /// The group.
    let group: any GroupSource
    /// Its path in the file: `/weights`, empty for the root.
    let path: String

    /// The path of a child.
    func path(of name: String) -> String { "\(path)/\(name)" }
  }

  /// A reader of a sealed file.
  ///
  /// - Parameters:
  ///   - file: The mapped file, its seal checked.
  ///   - bytes: Its bytes, lent for as long as this reader is used.
  ///   - scan: The marks of its content.
  /// - Throws: `HDF5Failure`.
  init(_ file: MappedFile, _ bytes: UnsafeRawBufferPointer, scan: ContentScan) throws {
    self.file = file
    self.bytes = bytes
    self.scan = scan
    isImport = false
    userBlock = Seal.blockSize
    source = try Structure(bytes: bytes, base: userBlock).root()
  }

  /// A reader of a file to be imported, which a library parses unchecked.
  ///
  /// - Parameters:
  ///   - file: The mapped file.
  ///   - bytes: Its bytes, lent for as long as this reader is used.
  ///   - source: The root group.
  ///   - userBlock: Bytes before HDF5's own.
  package init(
    importing file: MappedFile, _ bytes: UnsafeRawBufferPointer, root source: any GroupSource,
    userBlock: Int
  ) {
    self.file = file
    self.bytes = bytes
    self.source = source
    self.userBlock = userBlock
    scan = nil
    isImport = true
  }

  /// The path of the file, for messages.
  var path: String { file.path }

  /// Names the object whose reading failed.
  func reading<Result>(_ object: String, _ body: () throws -> Result) throws -> Result {
    try HDF5Failure.naming(object, of: path, body)
  }

  /// The root group.
  func root() throws -> Place {
    try reading("/") {
      try admit(try source.target(of: "."), "/")
      return Place(group: source, path: "")
    }
  }

  /// A group's children by name.
  ///
  /// - Parameter place: The group.
  /// - Returns: For each name, whether it is a group; otherwise it is a dataset.
  /// - Throws: `CheckpointError` for links that lead elsewhere, objects met before, and objects
  ///   that are neither.
  func children(of place: Place) throws -> [String: Bool] {
    let object = place.path.isEmpty ? "/" : place.path
    let links = try reading(object) { try place.group.links(limit: Self.linkLimit) }
    guard links.count <= Self.linkLimit else {
      throw CheckpointError.tooManyObjects(path: path, object: object, limit: Self.linkLimit)
    }
    var children: [String: Bool] = [:]
    for link in links {
      let child = place.path(of: link.name)
      if let kind = Self.refusal(of: link.kind) {
        throw CheckpointError.refusedLink(path: path, object: child, kind: kind)
      }
      let target = try reading(child) { try place.group.target(of: link.name) }
      try admit(target, child)
      children[link.name] = target.kind == .group
    }
    return children
  }

  /// Opens a child that `children` listed as a group.
  func group(_ name: String, in place: Place, among children: [String: Bool]) throws -> Place {
    let child = place.path(of: name)
    try expect(child, children[name], isGroup: true)
    return Place(
      group: try reading(child) { try place.group.group(name) }, path: child)
  }

  /// Opens a child that `children` listed as a dataset.
  func dataset(_ name: String, in place: Place, among children: [String: Bool]) throws
    -> any DatasetSource
  {
    let child = place.path(of: name)
    try expect(child, children[name], isGroup: false)
    return try reading(child) { try place.group.dataset(name) }
  }

  /// Refuses children that the schema does not know.
  func refuseOthers(than known: Set<String>, in place: Place, among children: [String: Bool]) throws
  {
    for name in children.keys.sorted() where !known.contains(name) {
      throw CheckpointError.unexpected(path: path, object: place.path(of: name))
    }
  }

  private func expect(_ object: String, _ found: Bool?, isGroup: Bool) throws {
    guard let found else { throw CheckpointError.missing(path: path, object: object) }
    guard found == isGroup else {
      throw CheckpointError.wrongKind(
        path: path, object: object, expected: isGroup ? "a group" : "a dataset")
    }
  }

  private func admit(_ target: ObjectDescription, _ object: String) throws {
    guard visited.insert(target.address).inserted else {
      throw CheckpointError.linkedTwice(path: path, object: object)
    }
    guard target.kind != .other else {
      throw CheckpointError.wrongKind(
        path: path, object: object, expected: "a group or a dataset")
    }
    guard target.attributeCount <= Self.attributeLimit else {
      throw CheckpointError.tooManyAttributes(
        path: path, object: object, found: target.attributeCount, limit: Self.attributeLimit)
    }
  }

  private static func refusal(of kind: LinkDescription.Kind) -> String? {
    switch kind {
    case .hard: nil
    case .soft: "a soft link"
    case .external: "an external link"
    case .other: "a link of an unknown kind"
    }
  }
}
