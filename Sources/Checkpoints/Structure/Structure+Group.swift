extension Structure {
  /// A group with its links.
  struct Group: GroupSource {
    private let structure: Structure
    private let object: Object
    private let found: [LinkDescription]
    private let addresses: [String: UInt64]

    /// Reads the links of a group.
    ///
    /// - Parameters:
    ///   - object: The group's header.
    ///   - structure: The file.
    /// - Throws: `HDF5Failure`.
    init(_ object: Object, in structure: Structure) throws {
      self.object = object
      self.structure = structure
      guard object.description.kind == .group else { throw Structure.failure("it is no group") }
      var links: [LinkDescription] = []
      var addresses: [String: UInt64] = [:]
      for message in object.messages where message.kind == .link {
        let (link, address) = try Self.link(message.body)
        guard addresses.updateValue(address, forKey: link.name) == nil else {
          throw Structure.failure("two links are named '\(link.name)'")
        }
        links.append(link)
      }
      found = links.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      self.addresses = addresses
    }

    func links(limit: Int) throws -> [LinkDescription] {
      guard !object.has(.symbolTable) else { throw Structure.foreign("a group of HDF5 1.6") }
      guard let info = try object.body(.linkInfo) else {
        throw Structure.failure("a group does not say how its links lie")
      }
      // Where the links lie in a heap only their number is looked at (§IV.A.2.c).
      if let count = try structure.denseCount(info, counterWidth: 8) {
        guard count <= limit else {
          return Array(repeating: LinkDescription(name: "", kind: .other), count: limit + 1)
        }
        throw Structure.foreign("a group of \(count) links in a heap")
      }
      return found
    }

    func target(of name: String) throws -> ObjectDescription {
      try target(name).described(in: structure)
    }

    func group(_ name: String) throws -> any GroupSource {
      try Group(target(name), in: structure)
    }

    func dataset(_ name: String) throws -> any DatasetSource {
      try Dataset(target(name), in: structure)
    }

    func attribute(_ name: String) throws -> (any AttributeSource)? {
      try object.attribute(name, in: structure)
    }

    private func target(_ name: String) throws -> Object {
      if name == "." { return object }
      guard let address = addresses[name] else { throw Structure.failure("no link '\(name)'") }
      return try Object(at: address, in: structure)
    }

    /// A link message (§IV.A.2.g).
    private static func link(_ body: UnsafeRawBufferPointer) throws -> (LinkDescription, UInt64) {
      var cursor = ByteCursor(body)
      guard try cursor.byte() == 1 else { throw Structure.failure("a link has another version") }
      let flags = try cursor.byte()
      let type = flags & 0x08 != 0 ? try cursor.byte() : 0
      try cursor.skip((flags & 0x04 != 0 ? 8 : 0) + (flags & 0x10 != 0 ? 1 : 0))
      let length = try cursor.count(1 << Int(flags & 3))
      guard let name = String(validating: try cursor.take(length), as: UTF8.self) else {
        throw Structure.failure("a link's name is not UTF-8")
      }
      switch type {
      case 0: return (LinkDescription(name: name, kind: .hard), try cursor.number(8))
      case 1: return (LinkDescription(name: name, kind: .soft), undefinedAddress)
      case 64: return (LinkDescription(name: name, kind: .external), undefinedAddress)
      default: return (LinkDescription(name: name, kind: .other), undefinedAddress)
      }
    }
  }

  /// How many links or attributes lie in a heap, by the index over them; nil where none do.
  ///
  /// - Parameters:
  ///   - info: A message that says where they lie.
  ///   - counterWidth: The bytes of the largest creation index, where the message has one.
  /// - Returns: The number.
  /// - Throws: `HDF5Failure`.
  fileprivate func denseCount(_ info: UnsafeRawBufferPointer, counterWidth: Int) throws -> Int? {
    var cursor = ByteCursor(info)
    try cursor.skip(1)
    let flags = try cursor.byte()
    try cursor.skip(flags & 1 != 0 ? counterWidth : 0)
    guard try cursor.number(8) != Self.undefinedAddress else { return nil }
    // §III.A.2 "Version 2 B-trees": the number of all records is behind 26 bytes.
    var index = try self.cursor(at: cursor.number(8))
    guard try index.take(4).elementsEqual("BTHD".utf8) else {
      throw Self.failure("a heap has no index")
    }
    try index.skip(22)
    return Int(clamping: try index.number(8))
  }
}

extension Structure.Object {
  /// What the object is, by its messages.
  var description: (kind: ObjectDescription.Kind, compactAttributes: Int) {
    let compact = messages.reduce(0) { $0 + ($1.kind == .attribute ? 1 : 0) }
    if has(.linkInfo) || has(.symbolTable) { return (.group, compact) }
    return (has(.dataspace) && has(.datatype) ? .dataset : .other, compact)
  }

  /// What a link to the object leads to.
  ///
  /// - Parameter structure: The file.
  /// - Returns: Kind, address and number of attributes.
  /// - Throws: `HDF5Failure`.
  func described(in structure: Structure) throws -> ObjectDescription {
    let (kind, compact) = description
    return ObjectDescription(
      kind: kind, address: address, attributeCount: try denseAttributes(structure) ?? compact)
  }

  /// How many attributes lie in a heap (§IV.A.2.v); nil where none do.
  private func denseAttributes(_ structure: Structure) throws -> Int? {
    try body(.attributeInfo).flatMap { try structure.denseCount($0, counterWidth: 2) }
  }

  /// An attribute by its name.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - structure: The file.
  /// - Returns: The attribute, or nil where there is none of that name.
  /// - Throws: `HDF5Failure`.
  func attribute(_ name: String, in structure: Structure) throws -> Structure.Attribute? {
    guard try denseAttributes(structure) == nil else {
      throw Structure.foreign("attributes in a heap")
    }
    for message in messages where message.kind == .attribute && !message.isShared {
      let attribute = try Structure.Attribute(message.body, in: structure)
      if attribute.name == name { return attribute }
    }
    return nil
  }
}
